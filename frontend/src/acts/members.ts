/** Acts on a member of a group. */
import type { Role } from '../api/types';
import { fullName } from '../content/names/names';
import { t } from '../i18n';
import { chat } from '../store/chats';
import { myId } from '../store/session';
import { removeMember, setRole } from '../sync';
import { told } from '../ui/Toast';
import type { Act, Context } from './act';

const myRole = ({ chatId }: Context): Role | undefined => (chatId ? chat(chatId)?.my_role : undefined);

/** Returns whether I may change a member: owners change all others, administrators only plain members. */
function mayChange(context: Context): boolean {
  const { member } = context;
  if (!member || member.user.id === myId()) return false;
  const mine = myRole(context);
  return mine === 'owner' || (mine === 'admin' && member.role === 'member');
}

function remove({ chatId, member, open }: Context): void {
  if (!chatId || !member) return;
  const { id } = member.user;
  open({
    kind: 'ask',
    words: t().removeMemberAsk(fullName(id)),
    label: t().removeMember,
    run: () => removeMember(chatId, id),
  });
}

const ROLES: readonly Role[] = ['member', 'admin', 'owner'];
const roleWords = (role: Role): string =>
  ({ member: t().makeMember, admin: t().makeAdmin, owner: t().makeOwner })[role];

export const memberActs: readonly Act[] = [
  ...ROLES.map(
    (role): Act => ({
      id: `make-${role}`,
      on: 'member',
      label: () => roleWords(role),
      icon: 'people',
      when: (context) => mayChange(context) && myRole(context) === 'owner' && context.member?.role !== role,
      run: ({ chatId, member }) => {
        if (chatId && member) void setRole(chatId, member.user.id, role).catch(told);
      },
    }),
  ),
  {
    id: 'remove-member',
    on: 'member',
    label: () => t().removeMember,
    icon: 'remove',
    danger: true,
    when: mayChange,
    run: remove,
  },
];
