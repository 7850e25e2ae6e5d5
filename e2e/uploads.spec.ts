/** Uploads by a client of others, tus-js-client as it is published: it keeps the server to the protocol. */
import { createHash, randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';
import { Upload, type UploadOptions } from 'tus-js-client';
import type { Server } from './server';
import { test } from './world';

const MIB = 1024 * 1024;

/** Uploads bytes; resolves with the address of the upload. */
function upload(server: Server, token: string, data: Buffer, options: Partial<UploadOptions>): Promise<string> {
  return new Promise((resolve, reject) => {
    const one: Upload = new Upload(data, {
      endpoint: `${server.url}/api/uploads`,
      headers: { authorization: `Bearer ${token}` },
      metadata: { filename: 'план.bin', filetype: 'application/octet-stream', key: randomBytes(8).toString('hex') },
      retryDelays: [100, 200, 400, 800, 1600],
      onError: reject,
      onSuccess: () => resolve(String(one.url)),
      ...options,
    });
    one.start();
  });
}

for (const [name, options] of [
  ['of 1 MiB', { chunkSize: MIB }],
  ['of 5 MiB', { chunkSize: 5 * MIB }],
  ['without end', {}],
  ['without end, the first with the creation', { uploadDataDuringCreation: true }],
  ['of 1 MiB, by POST', { chunkSize: MIB, overridePatchMethod: true }],
] as const) {
  test(`a file goes up by tus-js-client in bodies ${name}`, async ({ server }) => {
    const ann = await server.person('Ann');
    const data = randomBytes(12 * MIB + 7);
    const place = await upload(server, ann.token, data, options);
    const headers = { authorization: `Bearer ${ann.token}` };
    const view = await (await fetch(`${place}?wait=20`, { headers })).json();
    expect(view).toMatchObject({ state: 'done', file: { name: 'план.bin', size: data.length } });
    const file = await fetch(`${server.url}/api/files/${view.file.id}/o`, { headers });
    const read = Buffer.from(await file.arrayBuffer());
    expect(createHash('sha256').update(read).digest('hex')).toBe(createHash('sha256').update(data).digest('hex'));
  });
}

test('tus-js-client goes on with an upload that was ended, and ends one', async ({ server }) => {
  const ann = await server.person('Ann');
  const data = randomBytes(12 * MIB);
  const headers = { authorization: `Bearer ${ann.token}` };
  const begun = await new Promise<string>((resolve, reject) => {
    const one: Upload = new Upload(data, {
      endpoint: `${server.url}/api/uploads`,
      headers,
      chunkSize: MIB,
      onError: reject,
      onChunkComplete: (_, taken) => {
        if (taken >= 2 * MIB) void one.abort().then(() => resolve(String(one.url)));
      },
    });
    one.start();
  });
  const place = await upload(server, ann.token, data, { uploadUrl: begun });
  expect(place).toBe(begun);
  const view = await (await fetch(`${place}?wait=20`, { headers })).json();
  expect(view).toMatchObject({ state: 'done', taken: data.length });
  const other = await fetch(`${server.url}/api/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': '5' },
  });
  const address = `${server.url}${other.headers.get('location')}`;
  await Upload.terminate(address, { headers });
  expect((await fetch(address, { method: 'HEAD', headers })).status).toBe(410);
});
