/** The shapes of the wire, all generated from the contract. */
import type { EventData, Verbs as FrameVerbs, components as frames, Told } from './frames.gen';
import type { components as rest } from './schema.gen';

export type { EventData, FrameVerbs, Told };
/** The verbs of the client: those of the socket, and those that have only an endpoint. */
export interface Verbs extends FrameVerbs {
  'voice.listen': { data: { chat_id: number; seq: number }; ack: undefined };
}

type Rest = rest['schemas'];
type Frames = frames['schemas'];

export type UserRead = Rest['UserRead'];
export type Tokens = Rest['Tokens'];
export type SessionView = Rest['SessionView'];
export type AuditView = Rest['AuditView'];
export type ChatView = Omit<Rest['ChatView'], 'last_message'> & { last_message?: MessageView | null };
export type MemberState = Rest['MemberState'];
export type MemberView = Rest['MemberView'];
export type InviteView = Rest['InviteView'];
export type InvitePreview = Rest['InvitePreview'];
export type MessageView = Rest['MessageView'];
export type MessageList = Rest['MessageList'];
export type VersionView = Rest['VersionView'];
export type Entity = Rest['Entity'];
/** The parts that other features add to a message. */
export type MessageParts = NonNullable<MessageView['parts']>;
/** An upload: how many bytes the server has, and the file once it is ready. */
export type UploadView = Rest['UploadView'];
/** The bytes of my files, of my uploads on their way, how many both may be, and the kinds of my files. */
export type StorageView = Rest['StorageView'];
/** The same of all people, for administrators; of one of them, and of a chat. */
export type ServerStorage = Rest['ServerStorage'];
export type UserStorage = Rest['UserStorage'];
export type ChatStorage = Rest['ChatStorage'];
/** A preview of a page to which a message links. */
export type CardView = Rest['CardView'];
/** A file in a message. */
export type FileOfMessage = Rest['SentFile'];
/** A file in a chat, with the message that holds it. */
export type ChatFile = Rest['ChatFile'];
export type Role = MemberView['role'];
/** The message of an event. */
export type MessageTold = Frames['MessageTold'];
export type Ready = Frames['Ready'];
export type PresenceState = Frames['PresenceState'];

export interface ServerInfo {
  name: string;
  version: string;
  registration: 'open' | 'invite' | 'closed';
  needs_setup: boolean;
  /** When the server asks the pages to which messages link. */
  cards?: 'on' | 'click' | 'off';
  features: string[];
  limits: {
    message_max_chars: number;
    message_files_max: number;
    file_max_bytes: number;
    password_min_chars: number;
    edit_window_s: number;
    voice_max_s?: number;
  };
}

/** Makes a type read-only at every depth, as sent values may be. */
export type Given<T> = T extends object ? { readonly [K in keyof T]: Given<T[K]> } : T;

/** A frame of the client. */
export type ClientFrame = {
  [V in keyof FrameVerbs]: { readonly type: V; readonly ref?: string; readonly data: Given<FrameVerbs[V]['data']> };
}[keyof FrameVerbs];

/** A change of a stream, numbered by `ev`; a newer server may send other types. */
export type EventFrame = {
  [T in keyof EventData]: { type: T; topic: string; ev: number; seal?: string; at: string; data: EventData[T] };
}[keyof EventData];

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
