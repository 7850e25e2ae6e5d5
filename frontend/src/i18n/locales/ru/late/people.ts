/** Words of people, groups and invites. */

import { ru as plural } from '../../../plural';
import type { people as en } from '../../en/late/people';

export const people: typeof en = {
  writeTo: 'Написать',
  sharedGroups: 'Общие группы',
  groupName: 'Название группы',
  createGroup: 'Создать группу',
  rename: 'Переименовать',
  inviteLink: 'Ссылка-приглашение',
  inviteLinkHint: (when) => `Вступить может любой, у кого есть эта ссылка. Действует до ${when}.`,
  inviteLinkHintHere: (when) =>
    `По этой ссылке могут вступить только те, у кого есть учётная запись на этом сервере. Чтобы пригласить других, обратитесь к администратору. Действует до ${when}.`,
  whoMayInvite: 'Кто может приглашать',
  whoMayInviteHint:
    'Люди без учётной записи могут вступить по ссылкам, которые создают администраторы и те, кто выбран здесь.',
  linkOptions: 'Параметры',
  linkOnce: 'Сработает один раз.',
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
  searchPeople: 'Поиск людей',
};
