import { expect, it } from 'vitest';
import type { FileOfMessage, MessageView } from '../../api/types';
import { preview } from '../preview';
import { written } from '../written';
import { addressOf, iconOf, mayRun, nameOfPicture, picturesLine, shortened } from './files';

const message = (text: string, ...names: string[]): MessageView =>
  ({
    chat_id: 7,
    seq: 1,
    kind: 'text',
    sender_id: 1,
    text,
    entities: [],
    sent_at: '2026-11-28T10:00:00Z',
    parts: { files: { items: names.map((name, id) => ({ id, kind: 'file', name, type: '', size: 1, alt: '' })) } },
  }) as unknown as MessageView;

it('loads what was made of all of a file, else the file as it was uploaded', () => {
  const address = (...names: string[]): string =>
    addressOf({ id: 5, variants: names.map((v) => ({ v })) } as unknown as FileOfMessage);
  expect(address('l', 'm', 's')).toBe('/api/files/5/l');
  expect(address('play', 'poster')).toBe('/api/files/5/play');
  expect(address('poster')).toBe('/api/files/5/o');
  expect(addressOf({ id: 5 } as FileOfMessage)).toBe('/api/files/5/o');
});

it('names the files of a message in one line', () => {
  expect(preview(message('', 'plan.pdf'))).toBe('plan.pdf');
  expect(preview(message('The plan', 'plan.pdf'))).toBe('plan.pdf · The plan');
  expect(preview(message('', 'a.txt', 'b.txt'))).toBe('2 files: a.txt, b.txt');
  expect(preview(message('Only words'))).toBe('Only words');
  expect(preview({ ...message('', 'plan.pdf'), deleted_at: '2026-11-28T10:01:00Z' })).toBe('Message deleted');
});

it('counts the photos of a message, and names its other files', () => {
  const withPhotos = (text: string, count: number, ...names: string[]): MessageView => {
    const { parts, ...plain } = message(text, ...names);
    const photo = { kind: 'photo', name: 'p.webp', type: 'image/webp', size: 1, alt: '', width: 4, height: 3 };
    const photos = Array.from({ length: count }, (_, place) => ({ ...photo, id: 100 + place }));
    return {
      ...plain,
      parts: { ...parts, files: { items: [...photos, ...(parts?.files?.items ?? [])] } },
    } as MessageView;
  };
  expect(preview(withPhotos('', 1))).toBe('Photo');
  expect(preview(withPhotos('The hill', 3))).toBe('3 photos · The hill');
  expect(preview(withPhotos('', 2, 'a.txt'))).toBe('2 photos, a.txt');
});

it('counts pictures by their kind, and names one by what it is', () => {
  expect(picturesLine(['video'])).toBe('Video');
  expect(picturesLine(['gif', 'video', 'photo', 'video', 'photo'])).toBe('2 photos, 2 videos, GIF');
  expect(nameOfPicture({ kind: 'photo' }, 3, 5, 'Anna')).toBe('Photo 3 of 5 from Anna');
  expect(nameOfPicture({ kind: 'video', duration_ms: 65_000 }, 1, 1, 'Anna')).toBe('Video, 1:05 from Anna');
  expect(nameOfPicture({ kind: 'video', duration_ms: 4000 }, 2, 3)).toBe('Video 2 of 3, 0:04');
  expect(nameOfPicture({ kind: 'gif', duration_ms: 900 }, 1, 1)).toBe('GIF');
});

it('copies the names of files with the text', () => {
  expect(written([message('The plan', '<a>.pdf', 'b.txt')])).toEqual({
    text: '<a>.pdf\nb.txt\nThe plan',
    html: '&#60;a&#62;.pdf<br>b.txt<br>The plan',
  });
  expect(written([message('', 'b.txt')]).text).toBe('b.txt');
});

it.each([
  'setup.exe',
  'SETUP.EXE',
  'invoice.pdf.js',
  'page.html',
  'drawing.svg',
  'table.xlsm',
  'run.sh',
  'setup.exe. ',
])('asks before saving %s', (name) => expect(mayRun(name)).toBe(true));

it.each(['plan.pdf', 'exe', 'photo.jpg', 'notes.txt', 'archive.zip', 'my.exe.txt'])('saves %s at once', (name) =>
  expect(mayRun(name)).toBe(false));

it('shows the beginning and the ending of a long name', () => {
  expect(shortened('plan.pdf')).toBe('plan.pdf');
  expect(shortened('A photo of the house by the sea, which was taken last summer.jpg.exe')).toBe(
    'A photo of the house by …mmer.jpg.exe',
  );
  // Half of a character is none.
  expect(shortened(`${'😀'.repeat(30)}.txt`)).toBe(`${'😀'.repeat(12)}…${'😀'.repeat(4)}.txt`);
  expect(shortened(`a${'😀'.repeat(30)}b.txt`)).toBe(`a${'😀'.repeat(11)}…${'😀'.repeat(3)}b.txt`);
});

it('draws a file by its type, then by its ending', () => {
  expect(iconOf('photo.bin', 'image/png')).toBe('fileImage');
  expect(iconOf('plan.docx', 'application/octet-stream')).toBe('fileText');
  expect(iconOf('all.zip', 'application/zip')).toBe('fileArchive');
  expect(iconOf('thing', 'application/octet-stream')).toBe('file');
});
