/** What a slice of the store makes of events: each says it for its own part, `apply.ts` merges them. */
import type { EventData, MessageView } from '../api/types';

/** A range of messages without holes, by rising seq. */
export interface Window {
  items: readonly MessageView[];
  hasBefore: boolean;
  hasAfter: boolean;
}

/** What an event does to the store; `ev` is 0 where it is an answer to this device. Doing it twice changes nothing. */
export type Applier<T extends keyof EventData> = (data: EventData[T], ev: number) => void;
/** What an event, the `ev`th of its stream, makes of a range of messages, whether it is on screen, apart or kept. Pure. */
export type Step<T extends keyof EventData> = (window: Window, data: EventData[T], ev: number) => Window;

export type Events = { readonly [T in keyof EventData]?: Applier<T> };
export type Windows = { readonly [T in keyof EventData]?: Step<T> };

export interface Slice {
  readonly events?: Events;
  readonly windows?: Windows;
}
