/** State before + events = state after: plays the records of the server's tests with the real store and engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ChatView, EventFrame, MemberView, MessageView, UserRead } from '../api/types';
import { allChats, replaceChats } from '../store/chats';
import { members, putMembers } from '../store/members';
import { windowOf } from '../store/messages';
import { chatIds } from '../store/mine/list';
import { me } from '../store/session';
import { nameOf, users } from '../store/users';
import { type Cursors, Engine } from './engine';

const FOLDER = new URL('../../../backend/tests/replays/', import.meta.url).pathname;

interface Snapshot {
  me: UserRead;
  chats: ChatView[];
  messages: Record<string, MessageView[]>;
  members: Record<string, MemberView[]>;
  cursors: Cursors;
}

interface Recorded {
  before: Snapshot;
  events: EventFrame[];
  after: Snapshot;
}

/** Loads a snapshot as the client does; the engine continues from it. */
function load(snapshot: Snapshot): Engine {
  me.value = snapshot.me;
  users.value = new Map();
  replaceChats([]);
  replaceChats(snapshot.chats);
  members.value = new Map();
  for (const [id, list] of Object.entries(snapshot.members)) putMembers(Number(id), list);
  for (const [id, items] of Object.entries(snapshot.messages))
    windowOf(Number(id)).value = { items, hasBefore: false, hasAfter: false };
  const engine = new Engine({
    resume: () => expect.fail('a hole'),
    reload: () => expect.fail('a resync'),
    taken: () => {},
    moved: () => {},
  });
  engine.start(snapshot.cursors);
  return engine;
}

/** Returns the state on screen, for the opened chats. */
function shown(opened: readonly number[]): unknown {
  return {
    me: me.value,
    order: chatIds.value,
    chats: new Map(allChats().map(({ at_ev: _, my, ...view }) => [view.id, { ...view, my: { ...my, at_ev: 0 } }])),
    messages: opened.map((id) => windowOf(id).value?.items.map(unnumbered)),
    members: opened.map((id) =>
      [...(members.value.get(id) ?? [])]
        .sort((a, b) => a.user.id - b.user.id)
        .map((one) => ({ ...one, user: nameOf(one.user.id) })),
    ),
  };
}

/** Returns a message of a page whose parts do not name their change: the page is later than the event. */
const unnumbered = ({ parts, ...message }: MessageView): unknown => ({
  ...message,
  parts: Object.entries(parts ?? {}).map(([name, part]) => [name, { ...(part as object), at_ev: 0 }]),
});

const records = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

it('has records to play', () => expect(records.length).toBeGreaterThan(2));

it.each(records)('%s', (name) => {
  const { before, events, after }: Recorded = JSON.parse(readFileSync(FOLDER + name, 'utf8'));
  const left = new Set(after.chats.map((one) => one.id));
  const opened = before.chats.map((one) => one.id).filter((id) => left.has(id));
  for (const turn of [events, events.flatMap((one) => [one, one])]) {
    const engine = load(before);
    for (const event of turn) engine.receive(event);
    const played = shown(opened);
    const positions = engine.cursors();
    load(after);
    expect(played).toEqual(shown(opened));
    expect(positions).toEqual(after.cursors);
  }
});
