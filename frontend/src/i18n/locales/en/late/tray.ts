/** Words of the tray of files, and of files that were refused. */
import { en as plural } from '../../../plural';
import { sizes } from '../../../sizes';

const size = sizes.en;

export const tray = {
  photosAsFiles: 'Send as files, unchanged',
  photoBack: (name: string) => `Move ${name} back`,
  photoOn: (name: string) => `Move ${name} on`,
  filesChosen: 'Files to send',
  fileAlt: (name: string) => `Description of ${name}`,
  fileAltHint: 'Description',
  fileLeave: (name: string) => `Remove ${name}`,
  fileUp: (name: string) => `Move ${name} up`,
  fileDown: (name: string) => `Move ${name} down`,
  filesSplit: (n: number) => `They will go out as ${plural(n, 'message', 'messages')}.`,
  fileUnread: 'The file can no longer be read. Choose it again.',
  fileRefused: 'The server did not accept this file.',
  fileInfected: 'The scanner of viruses found something in this file.',
  fileUnscanned: 'This file is too large to be checked for viruses.',
  fileTooLarge: (bytes: number, most: number) => `${size(bytes)}, ${size(most)} at most`,
  fileNoRoom: (bytes: number, free: number) => `${size(bytes)}, but only ${size(free)} of your storage are free`,
};
