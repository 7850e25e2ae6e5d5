/** Words of acts on groups and their members. */
export const groups = {
  addMembers: 'Add people',
  add: 'Add',
  membersTitle: 'Members',
  chatInfo: 'Chat info',
  makeOwner: 'Make owner',
  makeAdmin: 'Make administrator',
  makeMember: 'Make member',
  removeMember: 'Remove from group',
  removeMemberAsk: (who: string) => `Remove ${who} from the group?`,
  leave: 'Leave group',
  leaveAsk: (chat: string) => `Leave “${chat}”? You will no longer see its messages.`,
  makeLink: 'Create link',
  share: 'Share',
  roleOwner: 'owner',
  roleAdmin: 'administrator',
  roleMember: 'member',
};
