/** Photos that I send, from this browser: shown until the server's were seen once. */
import { bytesOf } from '../../sync/files/bytes';
import { onWithdrawn } from '../../sync/outbox';

const addresses = new Map<string, string>();
let watching: unknown;
const nameOf = (cmid: string, place: number): string => `${cmid}/${place}`;

/** Returns the address of a photo that is opened, by its message and its place among the files. */
export const ownPhoto = (cmid: string | null | undefined, place: number): string | undefined =>
  cmid ? addresses.get(nameOf(cmid, place)) : undefined;

/** Opens a photo of a waiting message; returns its address, or `undefined` if its bytes are lost. */
export async function openOwn(cmid: string, place: number): Promise<string | undefined> {
  watching ??= onWithdrawn((item) =>
    item.files?.forEach((_, at) => {
      closeOwn(item.cmid, at);
    }),
  );
  const bytes = ownPhoto(cmid, place) ? undefined : await bytesOf(cmid, place);
  // Another tile may have opened it meanwhile.
  if (bytes && !ownPhoto(cmid, place)) addresses.set(nameOf(cmid, place), URL.createObjectURL(bytes));
  return ownPhoto(cmid, place);
}

/** Closes a photo: what shows it already goes on. */
export function closeOwn(cmid: string, place: number): void {
  const address = ownPhoto(cmid, place);
  if (address) URL.revokeObjectURL(address);
  addresses.delete(nameOf(cmid, place));
}
