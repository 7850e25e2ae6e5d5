/** Words of acts on groups and their members. */
import type { groups as en } from '../en/groups';

export const groups: typeof en = {
  addMembers: 'Добавить людей',
  add: 'Добавить',
  membersTitle: 'Участники',
  chatInfo: 'О чате',
  makeOwner: 'Сделать владельцем',
  makeAdmin: 'Сделать администратором',
  makeMember: 'Сделать участником',
  removeMember: 'Удалить из группы',
  removeMemberAsk: (who) => `Удалить из группы: ${who}?`,
  leave: 'Выйти из группы',
  leaveAsk: (chat) => `Выйти из «${chat}»? Сообщения этой группы больше не будут видны.`,
  makeLink: 'Создать ссылку',
  share: 'Поделиться',
  roleOwner: 'владелец',
  roleAdmin: 'администратор',
  roleMember: 'участник',
};
