/** The signed-in person, the server, and the state of the connection. */
import type { ServerInfo, UserRead } from '../api/types';
import { signal } from './signal';
import type { Events } from './slice';

export type Phase = 'booting' | 'setup' | 'out' | 'in';
export type Connection = 'unknown' | 'online' | 'connecting' | 'offline';

export const phase = signal<Phase>('booting');
export const server = signal<ServerInfo | null>(null);
export const me = signal<UserRead | null>(null);
export const sessionId = signal(0);
/** Says whether I ended this session, perhaps on another device: then unsent words are deleted with it. */
export const isEndedByOwner = signal(false);
/**
 * Where the unsent words of the session that ended wait for its account: the browser keeps them, or some are only in
 * this page.
 */
export const waitingWords = signal<'none' | 'kept' | 'loose'>('none');
/** Unknown for the first seconds of a page. */
export const connection = signal<Connection>('unknown');
/** Says whether the connection has been missed for a while. */
export const isAway = (): boolean => connection.value === 'offline' || connection.value === 'connecting';
/** Whether this browser keeps drafts and unsent messages over a reload. */
export const isKept = signal(true);

/** Says whether the server sends e-mails. */
export const sendsMail = (): boolean => server.value?.features.includes('mail') ?? true;
/** Says whether my links admit people without an account. */
export const mayInvite = (): boolean =>
  server.value?.registration === 'open' || (server.value?.registration !== 'closed' && me.value?.may_invite !== false);
export const myId = (): number => me.value?.id ?? 0;

export const events = {
  'user.changed': ({ user }) => {
    if (user.id === myId() && user.email) me.value = user;
  },
  // Ending the session also closes its socket, and with it the session on this page.
  'session.ended': ({ session_id, reason }) => {
    if (session_id === sessionId.value) isEndedByOwner.value = (reason ?? 'ended') === 'ended';
  },
} satisfies Events;
