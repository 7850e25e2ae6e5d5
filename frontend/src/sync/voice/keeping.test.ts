/** Recordings in the storage of a browser: by account and chat, as far as they go. */
import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { recorded } from '../../store/mine/voice';
import { me } from '../../store/session';
import { claim, clearAll, readRecorded } from '../cache';
import { dropRecorded, keepPart, keepRecorded, lockOf, readKept } from './keeping';

const part = (text: string, until: number) => ({
  bytes: new Blob([text.padEnd(1000)], { type: 'audio/mp4' }),
  until,
  heights: [until, until],
});
const place = { account: 1, chatId: 7, id: 'a' };
/** The names of the locks that pages hold. */
let held: string[];

beforeEach(async () => {
  held = [];
  vi.stubGlobal('navigator', {
    language: 'en',
    locks: { query: async () => ({ held: held.map((name) => ({ name })) }) },
  });
  me.value = { id: 1 } as typeof me.value;
  await claim(1);
  await clearAll();
  recorded.value = new Set();
});

it('joins the parts of a recording, with its length and how loud it is', async () => {
  await keepPart(place, 0, part('one', 1000));
  await keepPart(place, 1, part('two', 1800));
  const found = await readKept(7);
  expect(found).toMatchObject({ ...place, ms: 1800, heights: [1000, 1000, 1800, 1800] });
  expect((await found?.bytes.text())?.split(/ +/)).toEqual(['one', 'two', '']);
  expect(found?.bytes.type).toBe('audio/mp4');
  expect(await readRecorded(1)).toEqual(new Set([7]));
});

it('offers what is before a lost part, and nothing that has no beginning', async () => {
  await keepPart(place, 0, part('one', 1000));
  await keepPart(place, 2, part('three', 3000));
  expect(await readKept(7)).toMatchObject({ ms: 1000 });
  await keepPart({ ...place, chatId: 8 }, 1, part('two', 2000));
  expect(await readKept(8)).toBeUndefined();
});

it('offers no recording that a page still records, and none of another chat or account', async () => {
  await keepPart(place, 0, part('one', 1000));
  held = [lockOf('a')];
  expect(await readKept(7)).toBeUndefined();
  held = [];
  expect(await readKept(6)).toBeUndefined();
  me.value = { id: 2 } as typeof me.value;
  expect(await readKept(7)).toBeUndefined();
});

it('offers no beginning of a file without sound', async () => {
  await keepPart(place, 0, { ...part('', 1000), bytes: new Blob(['ftyp']) });
  expect(await readKept(7)).toBeUndefined();
});

it('brings a deleted recording back, but not to another account', async () => {
  await keepPart(place, 0, part('one', 1000));
  const found = await readKept(7);
  if (!found) throw new Error('nothing kept');
  await dropRecorded(found);
  expect(await readKept(7)).toBeUndefined();
  expect(recorded.value).toEqual(new Set());
  await keepRecorded(found);
  expect(await readKept(7)).toMatchObject({ ms: 1000 });
  expect(recorded.value).toEqual(new Set([7]));
  await dropRecorded(found);
  me.value = { id: 2 } as typeof me.value;
  await keepRecorded(found);
  expect(await readRecorded(1)).toEqual(new Set());
  expect(await readRecorded(2)).toEqual(new Set());
});

it('deletes the recordings of an account that signs out, not those of another', async () => {
  await keepPart(place, 0, part('one', 1000));
  await keepPart({ ...place, account: 2 }, 0, part('of another', 1000));
  await clearAll();
  expect(await readRecorded(1)).toEqual(new Set());
  expect(await readRecorded(2)).toEqual(new Set([7]));
  await claim(2);
  await clearAll();
  expect(await readRecorded(2)).toEqual(new Set());
});
