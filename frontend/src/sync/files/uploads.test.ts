/** Files of the outbox over a network that breaks off, through restarts of the page: each arrives whole and once. */
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, MemberState } from '../../api/types';

const my = { read_seq: 0, unread: 0, at_ev: 0, rev: 1, unread_from: null } as MemberState;
const QUOTA = { used: 60, reserved: 30, quota: 100 };

const FAULTS = ['none', 'request', 'answer', 'part', 'busy', 'gone'] as const;
type Fault = (typeof FAULTS)[number];

interface Upload {
  id: number;
  size: number;
  data: string;
  isGone: boolean;
}

const refusal = (status: number, code: string) => ({ status, body: { status, code, detail: code } });
type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** The server's uploads and messages, and its rules: a known key or id is answered with what it made at first. */
class Network {
  readonly uploads: Upload[] = [];
  readonly deleted: string[] = [];
  readonly messages: { text: string; files: string[] }[] = [];
  private readonly keys = new Map<string, Upload>();
  private readonly known = new Map<string, unknown>();
  attempts = 0;
  fault: (attempt: number) => Fault = () => 'none';
  refused: Reply | undefined;

  /** Answers a request; `undefined` is a broken connection. */
  answer(method: string, path: string, headers: Headers, body: string): Reply | undefined {
    this.attempts += 1;
    const fault = this.fault(this.attempts);
    if (fault === 'request') return undefined;
    if (fault === 'busy') return refusal(503, 'server.busy');
    const reply = this.replyTo(method, path, headers, fault === 'part' ? body.slice(0, body.length / 2) : body, fault);
    return fault === 'answer' || (fault === 'part' && method === 'PATCH') ? undefined : reply;
  }

  private replyTo(method: string, path: string, headers: Headers, body: string, fault: Fault): Reply {
    if (path.endsWith('/uploads')) return this.create(headers);
    if (path.endsWith('/storage')) return { status: 200, body: QUOTA };
    if (path.endsWith('/messages')) return this.send(body, fault);
    const upload = this.uploads.find(({ id }) => path.includes(`/uploads/${id}`));
    if (method === 'DELETE') {
      this.deleted.push(path);
      return { status: 204 };
    }
    if (upload && fault === 'gone') upload.isGone = true;
    if (!upload || upload.isGone) return refusal(410, 'upload.expired');
    return method === 'PATCH' ? this.receive(upload, headers, body) : { status: 200, body: this.view(upload) };
  }

  private create(headers: Headers): Reply {
    if (this.refused) return this.refused;
    const metadata = headers.get('upload-metadata') ?? '';
    const key = atob(/key (\S+?)(,|$)/.exec(metadata)?.[1] ?? '');
    const begun = { id: this.uploads.length + 1, size: Number(headers.get('upload-length')), data: '', isGone: false };
    const upload = this.keys.get(key) ?? begun;
    if (upload === begun) this.uploads.push(begun);
    this.keys.set(key, upload);
    return { status: 201, headers: { location: `/api/uploads/${upload.id}` } };
  }

  private receive(upload: Upload, headers: Headers, body: string): Reply {
    if (Number(headers.get('upload-offset')) !== upload.data.length) return refusal(409, 'upload.moved');
    upload.data += body;
    return { status: 204, headers: { 'upload-offset': String(upload.data.length) } };
  }

  private view({ id, data, size }: Upload): unknown {
    const isDone = data.length === size;
    return { state: isDone ? 'done' : 'open', taken: data.length, error: null, file: isDone ? { id, size } : null };
  }

  private send(body: string, fault: Fault): Reply {
    type Sent = { text: string; client_msg_id: string; files?: { id: number }[] };
    const { text, client_msg_id, files = [] } = JSON.parse(body || '{}') as Sent;
    if (fault === 'part') return refusal(503, 'server.busy');
    if (!this.known.has(client_msg_id)) {
      const data = files.map(({ id }) => this.uploads[id - 1]?.data ?? '');
      this.messages.push({ text, files: data });
      const message = { chat_id: 7, seq: this.messages.length, kind: 'text', sender_id: 1, text, entities: [] };
      this.known.set(client_msg_id, { ...message, rev: 1, client_msg_id });
    }
    return { status: 201, body: this.known.get(client_msg_id) };
  }
}

let network: Network;

/** The browser's requests with progress, over the network of the test. */
class Request {
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  status = 0;
  response: unknown = null;
  onload = (): void => undefined;
  onerror = (): void => undefined;
  onabort = (): void => undefined;
  private readonly asked = new Headers();
  private given: Record<string, string> = {};
  private method = '';
  private path = '';
  private isOver = false;

  open(method: string, path: string): void {
    [this.method, this.path] = [method, path];
  }
  setRequestHeader(name: string, value: string): void {
    this.asked.set(name, value);
  }
  getResponseHeader(name: string): string | null {
    return this.given[name] ?? null;
  }
  abort(): void {
    this.isOver = true;
    this.onabort();
  }
  async send(body: Blob | null): Promise<void> {
    const text = body ? await body.text() : '';
    if (this.isOver) return;
    const reply = network.answer(this.method, this.path, this.asked, text);
    if (!reply) return this.onerror();
    [this.status, this.response, this.given] = [reply.status, reply.body ?? null, reply.headers ?? {}];
    this.upload.onprogress?.({ loaded: text.length, total: text.length });
    this.onload();
  }
}

async function fetched(path: string, init: RequestInit): Promise<Response> {
  const { pathname } = new URL(path, 'https://chat.example');
  const reply = network.answer(String(init.method), pathname, new Headers(init.headers), String(init.body ?? ''));
  if (!reply) throw new TypeError('network');
  return reply.status === 204 ? new Response(null, reply) : Response.json(reply.body, reply);
}

beforeEach(() => {
  network = new Network();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('XMLHttpRequest', Request);
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('navigator', { language: 'en' });
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
});

afterEach(async () => {
  const { clearAll } = await import('../cache');
  await clearAll();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Opens a page: modules of its own, the browser's storage shared with the pages before it. */
async function page() {
  vi.resetModules();
  const [outbox, attaching, sending, messages, chats, cache, tabs, session] = await Promise.all([
    import('../outbox'),
    import('./attaching'),
    import('./sending'),
    import('../../store/messages'),
    import('../../store/chats'),
    import('../cache'),
    import('../line/tabs'),
    import('../../store/session'),
  ]);
  session.server.value = { limits: { file_max_bytes: 100, message_files_max: 2 }, features: ['files'] } as never;
  outbox.start();
  attaching.start();
  tabs.join();
  chats.putChats([{ id: 7, kind: 'group', head_seq: 0, member_count: 2, my } as unknown as ChatView]);
  const draft = (text: string) => ({ text, replyTo: null, mentions: [] });
  const say = (text: string): Promise<void> =>
    outbox.queue('message.send', { chat_id: 7, client_msg_id: crypto.randomUUID(), text });
  const files = (...texts: string[]) =>
    texts.map((text, n) => ({
      key: String(n),
      file: new File([text], `${n}.txt`, { type: 'text/plain' }),
      alt: '',
      isShown: false,
    }));
  const sendFiles = (text: string, ...texts: string[]): Promise<void> =>
    sending.sendFiles(7, draft(text), [], files(...texts));
  return { ...outbox, ...messages, ...cache, ...tabs, say, sendFiles };
}

/** Lets the clock of the page run ahead until a condition holds: code is loaded and bytes are read in real time. */
async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end && !isSo(); ) {
    await vi.advanceTimersByTimeAsync(200);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(isSo()).toBe(true);
}

it('sends each file whole and once, whatever faults the network chooses, and text flows past', async () => {
  const { sendFiles, say, pending } = await page();
  const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' });
  const faults = fc.array(fc.constantFrom(...FAULTS), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(faults, fc.array(text, { minLength: 1, maxLength: 4 }), async (chosen, texts) => {
      network = new Network();
      network.fault = (attempt) => chosen[attempt - 1] ?? 'none';
      await sendFiles('caption', ...texts);
      await say('words');
      await until(() => pending.value.length === 0);
      const withFiles = network.messages.filter(({ files }) => files.length);
      expect(withFiles.flatMap(({ files }) => files).sort()).toEqual([...texts].sort());
      expect(withFiles.filter((one) => one.text === 'caption')).toHaveLength(1);
      expect(network.messages.filter((one) => one.text === 'words')).toHaveLength(1);
      expect(network.messages).toHaveLength(Math.ceil(texts.length / 2) + 1);
    }),
    { numRuns: 40 },
  );
});

it('does not hold up words while the bytes are on their way', async () => {
  const { sendFiles, say, pending } = await page();
  network.refused = refusal(503, 'server.busy');
  await sendFiles('', 'bytes');
  await say('words');
  await until(() => pending.value.length === 1);
  expect(network.messages).toEqual([{ text: 'words', files: [] }]);
  network.refused = undefined;
  await until(() => pending.value.length === 0);
  expect(network.messages).toEqual([
    { text: 'words', files: [] },
    { text: '', files: ['bytes'] },
  ]);
});

it('goes on with the same upload after the page was closed in the middle', async () => {
  const first = await page();
  let isCut = true;
  network.fault = (attempt) => (attempt <= 2 ? 'none' : attempt === 3 ? 'part' : isCut ? 'request' : 'none');
  await first.sendFiles('', 'the bytes of a file');
  await until(() => network.attempts > 5);
  first.resign();
  const second = await page();
  isCut = false;
  await second.restore();
  await until(() => second.pending.value.length === 0);
  expect(network.uploads).toHaveLength(1);
  expect(network.messages).toEqual([{ text: '', files: ['the bytes of a file'] }]);
});

it.each([
  ['file.too_large', '7\u00a0bytes, 100\u00a0bytes at most'],
  ['file.quota_exceeded', '7\u00a0bytes, but only 10\u00a0bytes of your storage are free'],
])('says the figures of %s, and sends again when asked', async (code, reason) => {
  const { sendFiles, pending, again } = await page();
  network.refused = refusal(403, code);
  await sendFiles('', 'refused');
  await until(() => pending.value[0]?.state === 'failed');
  expect(pending.value[0]).toMatchObject({ reason, files: [{ state: 'failed', reason }] });
  network.refused = undefined;
  await again(pending.value[0]?.cmid ?? '');
  await until(() => pending.value.length === 0);
  expect(network.messages).toEqual([{ text: '', files: ['refused'] }]);
});

it('deletes what was taken back, here and at the server', async () => {
  const { sendFiles, pending, withdraw, readBytes } = await page();
  network.fault = (attempt) => (attempt > 2 ? 'request' : 'none');
  await sendFiles('', 'regretted');
  await until(() => network.attempts > 3);
  const cmid = pending.value[0]?.cmid ?? '';
  network.fault = () => 'none';
  withdraw(cmid);
  await until(() => network.deleted.length > 0);
  expect(network.deleted).toEqual(['/api/uploads/1']);
  expect(network.messages).toEqual([]);
  await vi.waitFor(async () => expect(await readBytes(cmid, 0)).toBeUndefined());
});

it('sends what the browser has no room for, from the open page', async () => {
  const { sendFiles, pending, readOutbox } = await page();
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given) {
    if (this.name === 'bytes') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  };
  network.refused = refusal(503, 'server.busy');
  await sendFiles('', 'large');
  await until(() => pending.value[0]?.isLoose === true);
  IDBObjectStore.prototype.put = put;
  await vi.waitFor(async () => expect(await readOutbox()).toEqual([]));
  network.refused = undefined;
  await until(() => pending.value.length === 0);
  expect(network.messages).toEqual([{ text: '', files: ['large'] }]);
});
