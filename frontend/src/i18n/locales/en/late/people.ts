/** Words of people, groups and invites. */
import { en as plural } from '../../../plural';

export const people = {
  writeTo: 'Write a message',
  sharedGroups: 'Groups in common',
  groupName: 'Group name',
  createGroup: 'Create group',
  rename: 'Rename',
  inviteLink: 'Invite link',
  inviteLinkHint: (when: string) => `Anyone with this link can join. Valid until ${when}.`,
  inviteLinkHintHere: (when: string) =>
    `Only people with an account on this server can join with this link. To invite others, ask an administrator. Valid until ${when}.`,
  whoMayInvite: 'Who can invite',
  whoMayInviteHint:
    'People without an account can join with links that administrators and the people chosen here create.',
  linkOptions: 'Options',
  linkOnce: 'It works once.',
  makeAnother: 'Create another link',
  earlierLinks: 'Links created before; they still work:',
  inviteLinkLocal:
    'Only this computer can open this link. To invite people on other devices, set PUBLIC_URL to the address at which they reach this server, and start it again.',
  revoke: 'Revoke',
  usesCount: (n: number) => `used ${plural(n, 'time', 'times')}`,
  chosen: 'Chosen',
  nobodyYet: 'There is no one else on this server yet',
  validFor: 'Valid for',
  forDays: (n: number) => plural(n, 'day', 'days'),
  usesAllowed: 'Can be used',
  onceOnly: 'Once',
  anyTimes: 'Any number of times',
  searchPeople: 'Search people',
};
