/** Words of files. */
import { en as plural } from '../../plural';
import { sizes } from '../../sizes';

const size = sizes.en;

export const files = {
  files: (n: number) => plural(n, 'file', 'files'),
  gallery: 'Photos and files',
  photos: (n: number) => (n === 1 ? 'Photo' : plural(n, 'photo', 'photos')),
  films: (n: number) => (n === 1 ? 'Video' : plural(n, 'video', 'videos')),
  gifs: (n: number) => (n === 1 ? 'GIF' : plural(n, 'GIF', 'GIFs')),
  /** Names a picture by its `noun`; `lasts` is empty for what does not play. */
  pictureOf: (noun: string, place: number, all: number, lasts: string, from: string) =>
    `${noun}${all > 1 ? ` ${place} of ${all}` : ''}${lasts && `, ${lasts}`}${from && ` from ${from}`}`,
  photoCamera: 'Take a photo',
  shareLost: 'What was shared could not be kept. Open a chat and choose it there.',
  photoFailed: 'The picture could not be loaded',
  fileDownload: (name: string, bytes: number) => `Download ${name}, ${size(bytes)}`,
  fileSize: size,
  filePages: (n: number) => plural(n, 'page', 'pages'),
  fileRuns: (name: string) =>
    `“${name}” can run a program on your device. Save it only if you expected it from its sender.`,
  fileSave: 'Save anyway',
  attach: 'Attach files',
  fileDrop: 'Drop files here to send them',
  filesRefused: 'You cannot send files in this chat.',
  filesNotInEdit: 'Files cannot be added to a sent message.',
  filesNoFolders: 'A folder cannot be sent. Choose the files in it.',
  stateUploading: 'uploading',
  fileProgress: (name: string) => `Upload of ${name}`,
  fileSent: (sent: number, bytes: number) => `${size(sent)} of ${size(bytes)}`,
  fileLoose: 'The browser has no room to keep this. Keep this tab open until it is sent.',
  pictureRefused: 'The server could not use this picture. Nothing has changed. Choose another one.',
  pictureMaking: 'Processing…',
  uploading: 'Uploading…',
};
