/** Words of the pages on what files take. */
import { en as plural } from '../../../plural';
import { sizes } from '../../../sizes';

const size = sizes.en;

export const storage = {
  filesUsed: (used: number, quota: number) => `Your files on the server: ${size(used)} of ${size(quota)}`,
  filesMine: 'Your files',
  filesHint: 'Delete messages with large files to make room. The room is free a while later.',
  filesNone: 'You have not sent any files yet.',
  filesKinds: 'Files by kind',
  kinds: { photo: 'Photos', gif: 'Animations', video: 'Videos', voice: 'Voice messages', file: 'Other files' },
  space: 'Server space',
  spaceUsed: (used: number, total: number) => `Files of all people: ${size(used)} of ${size(total)}`,
  spaceUnlimited: (used: number) => `Files of all people: ${size(used)}`,
  spaceComing: (bytes: number) => `Being uploaded: ${size(bytes)}`,
  spaceDisk: (free: number, all: number, reserve: number) =>
    `Free on the disk: ${size(free)} of ${size(all)}. Uploads stop when ${size(reserve)} are left.`,
  spaceDiskWhole: (free: number, all: number) => `Free on the disk: ${size(free)} of ${size(all)}`,
  spaceEach: (quota: number) => `Each person may store ${size(quota)}, unless another limit is set below.`,
  spaceNone: 'No one has sent a file yet.',
  spaceDays: 'The last 30 days',
  spaceDay: (day: string, added: number, removed: number) =>
    [`${day}: ${size(added)} added`, removed && `${size(removed)} deleted`].filter(Boolean).join(', '),
  spacePeople: 'People who store the most',
  spaceChats: 'Chats with the most files',
  spaceOf: (used: number, quota: number) => `${size(used)} of ${size(quota)}`,
  spaceChat: (files: number, bytes: number) => `${plural(files, 'file', 'files')}, ${size(bytes)}`,
  spaceGroup: (members: number) => `A group of ${plural(members, 'member', 'members')}`,
  spaceDirect: 'A chat of two people',
  spaceSaved: 'Saved messages of a person',
  spaceMore: 'Show more',
  limit: 'Limit',
  limitOwn: (name: string) => `Limit of ${name}`,
  limitAsAll: (quota: number) => `As for everyone: ${size(quota)}`,
  limitOther: 'Another limit',
  limitGb: 'Gigabytes',
  limitGbWrong: 'A number from 0 to 1,000,000, such as 0.5.',
  limitSaved: 'Limit saved',
};
