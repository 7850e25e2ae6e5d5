/** The verbs of the outbox: the lane of each, its endpoint without a socket, the effect of its answer on the store. */
import { request } from '../api/http';
import type { Verbs as Frames, Given } from '../api/types';
import { t } from '../i18n';
import { apply } from '../store/apply';
import { chat, settleMine } from '../store/chats';

type Data<V extends keyof Frames> = Given<Frames[V]['data']>;
/** Items of a lane go out one after another; of a key only the newest counts. */
type Place<D> = { line: (data: D) => number; key?: undefined } | { key: (data: D) => string; line?: undefined };

type Row<V extends keyof Frames> = Place<Data<V>> & {
  door: (data: Data<V>) => Promise<Frames[V]['ack']>;
  /** The delay before sending, ms: the item can be undone or replaced. */
  after?: number;
  /** The time that the item stays over the store after its answer, ms: its event may come later. */
  lasts?: number;
  /** Hides its refusal; with a status only that one. */
  isQuiet?: true | number;
  /** Says whether the store has the change already: then it is not sent. */
  isDone?: (data: Data<V>) => boolean;
  answered?: (ack: Frames[V]['ack'], data: Data<V>) => void;
  /** Returns the reason in words if an answer refuses a part of what was asked for. */
  refused?: (ack: Frames[V]['ack']) => string | undefined;
};

type Verbs = { readonly [V in keyof Frames]?: Row<V> };

export const verbs = {
  'message.send': {
    line: ({ chat_id }) => chat_id,
    door: ({ chat_id, ...body }) => request('POST', `/chats/${chat_id}/messages`, { body }),
    answered: (message) => {
      // Only the next message of the chat: a later one waits for the events before it.
      if (message.seq <= (chat(message.chat_id)?.head_seq ?? 0) + 1)
        apply({ type: 'message.created', topic: '', ev: 0, at: message.sent_at, data: message });
    },
  },
  'messages.delete': {
    key: ({ chat_id, seqs }) => `delete/${chat_id}/${seqs}`,
    after: 10_000,
    lasts: 2000,
    door: ({ chat_id, seqs }) =>
      request('POST', `/chats/${chat_id}/messages/delete`, { body: { seqs }, keepalive: true }),
    refused: ({ refused }) => (refused.length ? t().notRemoved(refused.length) : undefined),
  },
  'receipt.read': {
    key: ({ chat_id }) => `read/${chat_id}`,
    after: 1000,
    isQuiet: true,
    isDone: ({ chat_id, seq }) => (chat(chat_id)?.my.read_seq ?? 0) >= seq,
    door: ({ chat_id, seq }) => request('PUT', `/chats/${chat_id}/read`, { body: { seq }, keepalive: true }),
    answered: (my, { chat_id }) => settleMine(chat_id, my),
  },
  'reaction.set': {
    key: ({ chat_id, seq, emoji }) => `react/${chat_id}/${seq}/${emoji}`,
    lasts: 5000,
    isQuiet: 404,
    door: ({ chat_id, seq, emoji, on }) => {
      const path = `/chats/${chat_id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}` as const;
      return request(on ? 'PUT' : 'DELETE', path, { keepalive: true });
    },
  },
  'voice.listen': {
    key: ({ chat_id, seq }) => `listen/${chat_id}/${seq}`,
    lasts: 5000,
    isQuiet: true,
    door: ({ chat_id, seq }) => request('PUT', `/chats/${chat_id}/messages/${seq}/listened`, { keepalive: true }),
  },
  // Each field has a key of its own: a pin does not wait for a mute, and the last value of each field counts.
  'mine.set': {
    key: ({ chat_id, ...change }) => `mine/${chat_id}/${Object.keys(change)}`,
    door: ({ chat_id, ...body }) => request('PATCH', `/chats/${chat_id}/my`, { body, keepalive: true }),
    answered: (my, { chat_id }) => settleMine(chat_id, my),
  },
} satisfies Verbs;

/** Returns the row of a verb; `undefined` for one that does not use the outbox. */
export const rowOf = <V extends keyof Frames>(verb: V): Row<V> | undefined => (verbs as Verbs)[verb];
