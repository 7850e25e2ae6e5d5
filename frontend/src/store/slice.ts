/** A slice of the store: its effect of each event; `apply.ts` merges the slices. */
import type { EventData, MessageView } from '../api/types';

/** A range of messages without holes, by rising seq. */
export interface Window {
  items: readonly MessageView[];
  hasBefore: boolean;
  hasAfter: boolean;
}

/** Applies an event to the store; `ev` is 0 for an answer to this device. Repeating it changes nothing. */
export type Applier<T extends keyof EventData> = (data: EventData[T], ev: number) => void;
/**
 * Returns a range of messages after an event, the `ev`th of its stream, whether it is on screen, apart or kept. Pure.
 */
export type Step<T extends keyof EventData> = (window: Window, data: EventData[T], ev: number) => Window;

export type Events = { readonly [T in keyof EventData]?: Applier<T> };
export type Windows = { readonly [T in keyof EventData]?: Step<T> };

export interface Slice {
  readonly events?: Events;
  readonly windows?: Windows;
}
