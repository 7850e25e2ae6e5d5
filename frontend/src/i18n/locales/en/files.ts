/** Words of files. */
import { en as plural } from '../../plural';
import { sizes } from '../../sizes';

const size = sizes.en;

export const files = {
  files: (n: number) => plural(n, 'file', 'files'),
  photos: (n: number) => (n === 1 ? 'Photo' : plural(n, 'photo', 'photos')),
  photoOf: (place: number, all: number, from: string) =>
    [all > 1 ? `Photo ${place} of ${all}` : 'Photo', from && `from ${from}`].filter(Boolean).join(' '),
  photoBefore: 'Photo before',
  photoAfter: 'Next photo',
  photoSave: 'Download',
  photoInChat: 'Show in the chat',
  photosAsFiles: 'Send as files, unchanged',
  photoBack: (name: string) => `Move ${name} back`,
  photoOn: (name: string) => `Move ${name} on`,
  photoCamera: 'Take a photo',
  shareLost: 'What was shared could not be kept. Open a chat and choose it there.',
  photoFailed: 'The photo could not be loaded',
  fileDownload: (name: string, bytes: number) => `Download ${name}, ${size(bytes)}`,
  fileSize: size,
  fileRuns: (name: string) =>
    `“${name}” can run a program on your device. Save it only if you expected it from its sender.`,
  fileSave: 'Save anyway',
  attach: 'Attach files',
  fileDrop: 'Drop files here to send them',
  filesRefused: 'You cannot send files in this chat.',
  filesNotInEdit: 'Files cannot be added to a sent message.',
  filesNoFolders: 'A folder cannot be sent. Choose the files in it.',
  filesChosen: 'Files to send',
  fileAlt: (name: string) => `Description of ${name}`,
  fileAltHint: 'Description',
  fileLeave: (name: string) => `Remove ${name}`,
  fileUp: (name: string) => `Move ${name} up`,
  fileDown: (name: string) => `Move ${name} down`,
  filesSplit: (n: number) => `They will go out as ${plural(n, 'message', 'messages')}.`,
  stateUploading: 'uploading',
  fileProgress: (name: string) => `Upload of ${name}`,
  fileSent: (sent: number, bytes: number) => `${size(sent)} of ${size(bytes)}`,
  fileLoose: 'The browser has no room to keep this. Keep this tab open until it is sent.',
  fileUnread: 'The file can no longer be read. Choose it again.',
  fileRefused: 'The server did not accept this file.',
  fileTooLarge: (bytes: number, most: number) => `${size(bytes)}, ${size(most)} at most`,
  fileNoRoom: (bytes: number, free: number) => `${size(bytes)}, but only ${size(free)} of your storage are free`,
  filesUsed: (used: number, quota: number) => `Your files on the server: ${size(used)} of ${size(quota)}`,
};
