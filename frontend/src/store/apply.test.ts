/** The effect of an event on the store. */
import { expect, it } from 'vitest';
import type { ChatView, EventFrame, MemberView, UserRead } from '../api/types';
import { apply } from './apply';
import { chat, putChats } from './chats';
import { members, putMembers } from './members';
import { nameOf } from './users';

const member = (id: number): MemberView => ({
  user: { id, name: `p${id}`, rev: 1 } as UserRead,
  role: 'member',
  joined_at: '',
  read_seq: 0,
});

const came = (people: MemberView[], count: number): EventFrame =>
  ({
    type: 'member.joined',
    topic: 'chat:7',
    ev: 1,
    at: '',
    data: { chat_id: 7, members: people, member_count: count, by: 1, kind: 'group' },
  }) as EventFrame;

it('adds newcomers to the members that are known, and forgets those where more came than are listed', () => {
  putChats([{ id: 7, kind: 'group', member_count: 1 } as ChatView]);
  putMembers(7, [member(1)]);
  apply(came([member(2)], 2));
  expect(members.value.get(7)?.map((one) => one.user.id)).toEqual([1, 2]);
  apply(came([], 140));
  expect(members.value.has(7)).toBe(false);
  expect(chat(7)?.member_count).toBe(140);
  apply(came([member(3)], 141));
  expect(members.value.has(7)).toBe(false);
  expect(nameOf(3)).toBe('p3');
});
