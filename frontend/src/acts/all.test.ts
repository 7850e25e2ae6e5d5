/** The actions that are available in a context, and their keys. */
import { beforeEach, expect, it } from 'vitest';
import type { ChatView, MemberState, MemberView, MessageView, Role } from '../api/types';
import { setLang, t } from '../i18n';
import { putChats } from '../store/chats';
import { me, server } from '../store/session';
import { type Act, type Context, spell } from './act';
import { acts, actsFor, press } from './all';

const said = (sender_id: number, more: Partial<MessageView> = {}): MessageView =>
  ({
    chat_id: 7,
    seq: 3,
    kind: 'text',
    sender_id,
    text: 'words',
    sent_at: new Date().toISOString(),
    ...more,
  }) as MessageView;
const opened: unknown[] = [];
const on = (...messages: MessageView[]): Context => ({ chatId: 7, messages, open: (thing) => opened.push(thing) });
const ids = (context: Context): string[] => actsFor('messages', context).map((one) => one.id);
const key = (code: string, more: object = {}): KeyboardEvent =>
  ({ code, key: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null, ...more }) as never;
const inChat = (more: Partial<ChatView>): void =>
  putChats([{ id: 7, kind: 'group', my_rights: ['send'], ...more } as ChatView]);

beforeEach(() => {
  opened.length = 0;
  me.value = { id: 1 } as typeof me.value;
});

it('has one act for each id, and one for each chord where it can be pressed', () => {
  const doubles = (names: string[]) => names.filter((one, place) => names.indexOf(one) !== place);
  expect(doubles(acts.map((one) => one.id))).toEqual([]);
  expect(doubles(acts.flatMap(({ chord, on }) => (chord ? [`${on} ${spell(chord)}`] : [])))).toEqual([]);
});

it.each(['en', 'ru'] as const)('names each act in %s', async (lang) => {
  (globalThis as { document?: unknown }).document = { documentElement: {} };
  await setLang(lang);
  expect(acts.filter((one) => !one.label().trim())).toEqual([]);
});

it.each([
  ['a member on the words of another', 'send', said(2), ['reply', 'copy', 'copy-link', 'select', 'author', 'readers']],
  ['a member on their own', 'send', said(1), ['reply', 'edit', 'copy', 'copy-link', 'select', 'readers', 'remove']],
  ['who may react', 'react', said(2), ['reply', 'copy', 'copy-link', 'select', 'author', 'readers', 'react']],
  ['its author too', 'react', said(1), ['reply', 'edit', 'copy', 'copy-link', 'select', 'readers', 'react', 'remove']],
  [
    'an admin on those of another',
    'delete',
    said(2),
    ['reply', 'copy', 'copy-link', 'select', 'author', 'readers', 'remove'],
  ],
] as const)('offers to %s what they may do', (_, right, message, offered) => {
  inChat({ my_rights: [right] });
  expect(ids(on(message))).toEqual(offered);
});

it('offers to edit and to delete only as long as the server accepts it', () => {
  server.value = { limits: { edit_window_s: 60 } } as typeof server.value;
  const old = { sent_at: new Date(Date.now() - 61_000).toISOString() };
  const changes = (message: MessageView): string[] => ids(on(message)).filter((id) => ['edit', 'remove'].includes(id));
  inChat({});
  expect(changes(said(1))).toEqual(['edit', 'remove']);
  expect(changes(said(1, old))).toEqual([]);
  expect(changes(said(1, { kind: 'poll' as MessageView['kind'] }))).toEqual([]);
  expect(changes(said(1, { deleted_at: new Date().toISOString() }))).toEqual([]);
  inChat({ my_rights: ['delete'] });
  expect(changes(said(1, old))).toEqual(['remove']);
  expect(changes(said(2, old))).toEqual(['remove']);
  server.value = null;
});

it('offers for many what fits all of them', () => {
  inChat({});
  expect(ids(on(said(1), said(1)))).toEqual(['copy', 'remove']);
  expect(ids(on(said(1), said(2)))).toEqual(['copy']);
});

const my = { unread: 0, mentions: 0, read_seq: 2, unread_from: null, level: 'all', muted_until: null } as MemberState;
const inList = (
  more: Partial<MemberState>,
  kind: ChatView['kind'] = 'group',
  my_rights: ChatView['my_rights'] = ['send'],
): void => inChat({ kind, my_rights, head_seq: 3, my: { ...my, pin: null, archived: null, ...more } });
const labels = (within?: Act['within']): string[] =>
  actsFor('chat', on()).flatMap((one) => (one.within === within ? [one.label(on())] : []));

it('offers for a chat of the list what it is not', async () => {
  await setLang('en');
  inList({});
  expect(labels()).toEqual(['Mark as unread', 'Pin', 'Archive', 'Mute', 'Members', 'Photos and files']);
  expect(labels('mute')).toEqual(['Mute for an hour', 'Mute for 8 hours', 'Mute for a week']);
  inList({ unread: 1, pin: 4, archived: 3, muted_until: '9999-12-31T23:59:59.999Z', level: 'none' });
  expect(labels()).toEqual(['Mark as read', 'Unpin', 'Unarchive', 'Unmute', 'Members', 'Photos and files']);
  expect(labels('mute')).toEqual([]);
  expect(
    actsFor('chat', on())
      .filter((one) => one.within === 'level' && one.isOn?.(on()))
      .map((one) => one.id),
  ).toEqual(['level-none']);
  inList({}, 'saved');
  expect([labels(), labels('mute'), labels('level')]).toEqual([
    ['Mark as unread', 'Pin', 'Archive', 'Chat info', 'Photos and files'],
    [],
    [],
  ]);
});

it('offers nothing for a chat that is not there', () => {
  const nowhere = { ...on(), chatId: 999 };
  expect(actsFor('chat', nowhere)).toEqual([]);
});

it.each([
  ['a member', 'member', 'member', []],
  ['an admin on a member', 'admin', 'member', ['remove-member']],
  ['an admin on an admin', 'admin', 'admin', []],
  ['an owner on a member', 'owner', 'member', ['make-admin', 'make-owner', 'remove-member']],
  ['an owner on an owner', 'owner', 'owner', ['make-member', 'make-admin', 'remove-member']],
] as const)('offers to %s what they may do with a member', (_, mine, theirs, offered) => {
  inChat({ my_role: mine });
  const of = (id: number, role: Role): string[] =>
    actsFor('member', { ...on(), member: { user: { id }, role } as MemberView }).map((one) => one.id);
  expect(of(2, theirs)).toEqual(offered);
  expect(of(1, theirs)).toEqual([]);
});

it('asks before a member is removed, and does nothing before', () => {
  inChat({ my_role: 'owner' });
  const context = { ...on(), member: { user: { id: 2 }, role: 'member' } as MemberView };
  actsFor('member', context).at(-1)?.run(context);
  expect(opened).toMatchObject([{ kind: 'ask', label: t().removeMember }]);
});

it.each([
  [['send', 'leave'], ['leave']],
  [
    ['send', 'leave', 'add'],
    ['add-members', 'leave'],
  ],
  [
    ['send', 'leave', 'add', 'invite'],
    ['add-members', 'make-link', 'leave'],
  ],
] as const)('offers of a group what the rights %s allow', (rights, offered) => {
  inList({}, 'group', [...rights]);
  const ids = actsFor('chat', on()).map((one) => one.id);
  expect(ids.filter((id) => ['add-members', 'make-link', 'leave'].includes(id))).toEqual(offered);
});

it('does by key what the menu offers, and nothing else', () => {
  inChat({});
  const mine = said(1);
  expect(press('messages', on(mine), key('KeyE'))).toBe(true);
  expect(opened).toEqual([{ kind: 'edit', message: mine }]);
  expect(press('messages', on(said(2)), key('KeyE'))).toBe(false);
  expect(press('messages', on(mine), key('KeyE', { ctrlKey: true }))).toBe(false);
  expect(press('page', on(), key('KeyP', { metaKey: true, shiftKey: true }))).toBe(true);
  expect(opened.at(-1)).toEqual({ kind: 'commands' });
});
