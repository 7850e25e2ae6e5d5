import { expect, it } from 'vitest';
import type { ChatView, MemberState } from '../../api/types';
import { putChats } from '../chats';
import { server } from '../session';
import { type Chosen, chosenWith, isPicture, maySendFiles, movedTo, setTray, shifted, trayOf, trays } from './tray';

const files = ['a', 'b', 'c'].map(
  (key) => ({ key, file: new File([], key), alt: '', isShown: false }) satisfies Chosen,
);
const keys = (all: readonly Chosen[]): string => all.map(({ key }) => key).join('');

it('moves a file by a step, and not beyond the ends', () => {
  expect(keys(shifted(files, 'b', -1))).toBe('bac');
  expect(keys(shifted(files, 'b', 1))).toBe('acb');
  expect(shifted(files, 'a', -1)).toBe(files);
  expect(shifted(files, 'c', 1)).toBe(files);
  expect(shifted(files, 'unknown', 1)).toBe(files);
});

it('moves a file to the place of another', () => {
  expect(keys(movedTo(files, 'a', 'c'))).toBe('bca');
  expect(keys(movedTo(files, 'c', 'a'))).toBe('cab');
  expect(keys(movedTo(files, 'b', 'b'))).toBe('abc');
  expect(movedTo(files, 'a', 'unknown')).toBe(files);
});

it('takes as photos what the server makes photos of, unless others go out as files', () => {
  const file = (name: string, type: string) => ({ key: name, file: new File([], name, { type }) });
  const shown = (...features: string[]): boolean => {
    server.value = { features } as unknown as typeof server.value;
    return isPicture(new File([], 'IMG.HEIC'));
  };
  expect([shown('files'), shown('files', 'heic')]).toEqual([false, true]);
  expect(isPicture(new File([], 'a.mp4', { type: 'video/mp4' }))).toBe(false);
  const photos = [
    file('a.jpg', 'image/jpeg'),
    file('b.png', 'image/png'),
    file('c.gif', 'image/gif'),
    file('d.txt', ''),
  ];
  const chosen = chosenWith([], photos);
  expect(chosen.map(({ isShown }) => isShown)).toEqual([true, true, false, false]);
  const plain = chosen.map((one) => ({ ...one, isShown: false }));
  expect(chosenWith(plain, photos).some(({ isShown }) => isShown)).toBe(false);
  expect(chosenWith(plain.slice(3), photos).some(({ isShown }) => isShown)).toBe(true);
});

it('takes films and animated pictures as such where the server can make them', () => {
  server.value = { features: ['files', 'video'] } as unknown as typeof server.value;
  const types = ['video/mp4', 'video/quicktime', 'video/webm', 'image/gif', 'video/x-matroska', 'audio/mp4'];
  const taken = types.map((type) => isPicture(new File([], 'a', { type })));
  expect(taken).toEqual([true, true, true, true, false, false]);
});

it('keeps the files of each chat apart', () => {
  setTray(7, files);
  expect([keys(trayOf(7)), keys(trayOf(8))]).toEqual(['abc', '']);
  setTray(7, []);
  expect(trays.value.size).toBe(0);
});

it('offers files where the server takes them and the chat allows them', () => {
  const chat = (id: number, ...my_rights: string[]) =>
    ({ id, kind: 'group', head_seq: 0, my: {} as MemberState, my_rights }) as unknown as ChatView;
  putChats([chat(7, 'send', 'media'), chat(8, 'send')]);
  const shown = (...features: string[]): boolean[] => {
    server.value = { features } as unknown as typeof server.value;
    return [7, 8, 9].map(maySendFiles);
  };
  expect(shown('mail')).toEqual([false, false, false]);
  expect(shown('mail', 'files')).toEqual([true, false, false]);
  // Without a network the page does not know the server.
  server.value = null;
  expect([7, 8].map(maySendFiles)).toEqual([true, false]);
});
