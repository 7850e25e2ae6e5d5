/** Words of people, groups and invites. */
import { ru as plural } from '../../plural';
import type { people as en } from '../en/people';

export const people: typeof en = {
  writeTo: 'Написать',
  sharedGroups: 'Общие группы',
  group: 'Группа',
  groupName: 'Название группы',
  createGroup: 'Создать группу',
  addMembers: 'Добавить людей',
  add: 'Добавить',
  rename: 'Переименовать',
  membersTitle: 'Участники',
  chatInfo: 'О чате',
  roleOwner: 'владелец',
  roleAdmin: 'администратор',
  roleMember: 'участник',
  makeOwner: 'Сделать владельцем',
  makeAdmin: 'Сделать администратором',
  makeMember: 'Сделать участником',
  removeMember: 'Удалить из группы',
  removeMemberAsk: (who) => `Удалить из группы: ${who}?`,
  leave: 'Выйти из группы',
  leaveAsk: (chat) => `Выйти из «${chat}»? Сообщения этой группы больше не будут видны.`,
  inviteLink: 'Ссылка-приглашение',
  inviteLinkHint: (when) => `Вступить может любой, у кого есть эта ссылка. Действует до ${when}.`,
  inviteLinkHintHere: (when) =>
    `По этой ссылке могут вступить только те, у кого есть учётная запись на этом сервере. Чтобы пригласить других, обратитесь к администратору. Действует до ${when}.`,
  inviteOnlyHere: 'Эта ссылка только для тех, у кого есть учётная запись на этом сервере.',
  whoMayInvite: 'Кто может приглашать',
  whoMayInviteHint:
    'Люди без учётной записи могут вступить по ссылкам, которые создают администраторы и те, кто выбран здесь.',
  makeLink: 'Создать ссылку',
  makeAnother: 'Создать ещё одну',
  earlierLinks: 'Созданные раньше ссылки, они тоже действуют:',
  inviteLinkLocal:
    'Эта ссылка открывается только на этом компьютере. Чтобы приглашать людей с других устройств, укажите в PUBLIC_URL адрес, по которому они видят сервер, и перезапустите его.',
  revoke: 'Отозвать',
  usesCount: (n) => `использована ${plural(n, 'раз', 'раза', 'раз')}`,
  chosen: 'Выбраны',
  nobodyYet: 'На этом сервере пока больше никого нет',
  validFor: 'Срок действия',
  forDays: (n) => plural(n, 'день', 'дня', 'дней'),
  usesAllowed: 'Можно использовать',
  onceOnly: 'Один раз',
  anyTimes: 'Без ограничений',
};
