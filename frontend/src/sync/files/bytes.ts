/** The bytes of files that wait: in the browser, and in the memory of its open tabs until they are sent. */
import type { Item } from '../../store/outbox';
import { keepWhole, readBytes } from '../cache';

const held = new Map<string, readonly Blob[]>();

/** Holds the bytes of an item in this tab: the browser may have no room for them. */
export const hold = (cmid: string, bytes: readonly Blob[]): unknown => held.set(cmid, bytes);
export const letGo = (cmid: string): unknown => held.delete(cmid);
/** Lets go of the bytes of every item: the owner of the session has ended it. */
export const letAllGo = (): void => held.clear();

/** Keeps an item with its bytes; returns whether the browser had room. */
export function keepWith(item: Item, bytes: readonly Blob[]): Promise<boolean> {
  hold(item.cmid, bytes);
  return keepWhole(item, bytes);
}

/** Returns the bytes of a file of an item; `undefined` if they are lost. */
export async function bytesOf(cmid: string, place: number): Promise<Blob | undefined> {
  // The item may be taken back meanwhile.
  const here = held.get(cmid)?.[place];
  return (await readBytes(cmid, place)) ?? here;
}

/** Returns an item as it is sent: with the files that the server has made for it. */
export function wireOf(item: Item): Item {
  if (item.verb !== 'message.send' || !item.files) return item;
  const files = item.files.map(({ file, alt }) => ({ id: file ?? 0, ...(alt && { alt }) }));
  return { ...item, data: { ...item.data, files } };
}
