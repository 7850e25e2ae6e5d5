/** The shapes of the wire, all generated from the contract. */
import type { components as frames } from './frames.gen';
import type { components as rest } from './schema.gen';

type Rest = rest['schemas'];
type Frames = frames['schemas'];

export type UserRead = Rest['UserRead'];
export type Tokens = Rest['Tokens'];
export type SessionView = Rest['SessionView'];
export type AuditView = Rest['AuditView'];
export type ChatView = Omit<Rest['ChatView'], 'last_message'> & { last_message?: MessageView | null };
export type MemberView = Rest['MemberView'];
export type InviteView = Rest['InviteView'];
export type InvitePreview = Rest['InvitePreview'];
export type MessageView = Rest['MessageView'];
export type MessageList = Rest['MessageList'];
export type VersionView = Rest['VersionView'];
export type Entity = Rest['Entity'];
export type Role = MemberView['role'];
export type Ready = Frames['Ready'];
export type PresenceState = Frames['PresenceState'];
export type ReadState = Frames['ReadState'];

export interface ServerInfo {
  name: string;
  registration: 'open' | 'invite' | 'closed';
  needs_setup: boolean;
  features: string[];
  limits: { message_max_chars: number; password_min_chars: number };
}

export interface EventData {
  'message.created': MessageView;
  'message.edited': MessageView;
  'message.deleted': MessageView;
  'receipt.read': Frames['ReadData'];
  'chat.changed': Frames['ChatChangedData'];
  'member.joined': Frames['MembersJoinedData'];
  'member.left': Frames['MemberLeftData'];
  'member.changed': Frames['MemberChangedData'];
  'user.changed': Frames['UserChangedData'];
  'avatar.failed': Frames['AvatarFailedData'];
  'chat.joined': { chat: ChatView };
  'chat.left': Frames['ChatLeftData'];
  'session.ended': Frames['SessionEndedData'];
}

/** A change of a stream, numbered by `ev`. */
export interface EventFrame {
  type: string;
  topic: string;
  ev: number;
  seal?: string;
  at: string;
  data: unknown;
}

/** Any frame of the server. */
export interface ServerFrame {
  type: string;
  ref?: string;
  topic?: string;
  ev?: number;
  seal?: string;
  at?: string;
  data?: unknown;
  frames?: ServerFrame[];
}
