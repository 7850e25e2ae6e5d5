/** The lists of a chat's gallery, newest first: pages of the server, and what events have said since. All pure. */
import type { CardView, ChatFile, EventFrame, FileOfMessage, MessageView } from '../../api/types';

/** A list of files of the server. */
export type Kind = 'media' | 'file' | 'voice' | 'audio';

/** What a list shows, by its message and its place there. */
export type Item = Pick<ChatFile, 'chat_id' | 'seq' | 'place' | 'sender_id' | 'sent_at'>;

/** A link in a message, and the preview of its page if there is one. */
export interface ChatLink extends Item {
  address: string;
  /** The words that are the link, if they are not the address itself. */
  label: string;
  card: CardView | undefined;
}

export interface List<T extends Item = ChatFile> {
  /** The items of the pages so far. */
  paged: readonly T[];
  /** The cursor of the next page: '' before the first one, `null` after the last one. */
  next: string | null;
  /** The items of messages of which events have come, by seq: they count instead of those of pages. */
  said: ReadonlyMap<number, readonly T[]>;
}

export const NONE: List<never> = { paged: [], next: '', said: new Map() };

const itemOf = ({ chat_id, seq, sender_id, sent_at }: MessageView, place: number): Item => ({
  chat_id,
  seq,
  place,
  sender_id,
  sent_at,
});

/** Returns the files of a message, each with its place. */
export const placedIn = (message: MessageView): ChatFile[] =>
  (message.parts?.files?.items ?? []).map((file, place) => ({ ...itemOf(message, place), file }));

/** Returns an address as previews have it: without its fragment and without what only counts visits. */
function plain(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.hash = '';
  for (const name of [...url.searchParams.keys()])
    if (/^(utm_.*|fbclid|gclid|yclid)$/.test(name)) url.searchParams.delete(name);
  return url.href;
}

/** Returns the links to the web in a message that no spoiler hides. */
export function linksIn(message: MessageView): ChatLink[] {
  const { text, entities, parts } = message;
  const cards = new Map((parts?.cards?.items ?? []).map((one) => [plain(one.address), one]));
  const spoilers = entities.filter(({ type }) => type === 'spoiler');
  const isHidden = (at: number): boolean => spoilers.some(({ offset, length }) => at >= offset && at < offset + length);
  return entities
    .filter(({ type, href, offset }) => type === 'link' && /^https?:/i.test(href ?? '') && !isHidden(offset))
    .map(({ offset, length, open = 0, close = 0, href: address = '' }, place) => {
      const words = text.slice(offset + open, offset + length - close);
      return {
        ...itemOf(message, place),
        address: address ?? '',
        label: words === address ? '' : words,
        card: cards.get(plain(address ?? '')),
      };
    });
}

/** Returns the list of the server that has a file. */
export function kindOf({ kind, type }: FileOfMessage): Kind {
  if (kind === 'voice') return kind;
  if (kind !== 'file') return 'media';
  return type.startsWith('audio/') ? 'audio' : 'file';
}

/** Returns a list with the page after those that it has. */
export const withPage = <T extends Item>(list: List<T>, items: readonly T[], next: string | null): List<T> => ({
  ...list,
  paged: [...list.paged, ...items],
  next,
});

/** Returns the list of the files of a kind after an event of its chat. */
export function withFiles(list: List, kind: Kind, event: EventFrame): List {
  const message = messageOf(event);
  // An edit of the words alone says nothing of the files.
  if (!message?.parts?.files) return withoutGone(list, event);
  const files = placedIn(message).filter(({ file }) => kindOf(file) === kind);
  return files.length ? saying(list, message.seq, files) : list;
}

/** Returns the list of the links after an event of its chat. */
export function withLinks(list: List<ChatLink>, event: EventFrame): List<ChatLink> {
  const message = messageOf(event);
  if (message) {
    const former = new Map(linksAt(list, message.seq).map(({ address, card }) => [address, card]));
    const links = linksIn(message).map((one) => ({ ...one, card: one.card ?? former.get(one.address) }));
    return links.length || event.type === 'message.edited' ? saying(list, message.seq, links) : list;
  }
  if (event.type !== 'cards.changed') return withoutGone(list, event);
  const { seq, cards } = event.data;
  const found = new Map(cards.items.map((one) => [plain(one.address), one]));
  const links = linksAt(list, seq).map((one) => ({ ...one, card: found.get(plain(one.address)) }));
  return links.length ? saying(list, seq, links) : list;
}

const messageOf = ({ type, data }: EventFrame): MessageView | undefined =>
  type === 'message.created' || type === 'message.edited' ? data : undefined;

const linksAt = (list: List<ChatLink>, seq: number): readonly ChatLink[] =>
  list.said.get(seq) ?? list.paged.filter((one) => one.seq === seq);

function withoutGone<T extends Item>(list: List<T>, { type, data }: EventFrame): List<T> {
  if (type === 'messages.deleted') return data.items.reduce((before, { seq }) => saying(before, seq, []), list);
  return type === 'message.deleted' ? saying(list, data.seq, []) : list;
}

const saying = <T extends Item>(list: List<T>, seq: number, items: readonly T[]): List<T> => ({
  ...list,
  said: new Map(list.said).set(seq, items),
});

/** Returns the items of lists in one, newest first: as far back as all of them are loaded. */
export function shownOf<T extends Item>(lists: readonly List<T>[]): readonly T[] {
  const ends = lists.map(({ next, paged }) => (next === null ? 0 : (paged.at(-1)?.seq ?? Infinity)));
  const end = Math.max(...ends);
  return lists
    .flatMap(({ paged, said }) => [...paged.filter(({ seq }) => !said.has(seq)), ...[...said.values()].flat()])
    .filter(({ seq }) => seq >= end)
    .sort((a, b) => b.seq - a.seq || b.place - a.place);
}

/** Returns which of the lists to load next: the one that ends first; -1 if all are loaded. */
export function nextOf<T extends Item>(lists: readonly List<T>[]): number {
  const ends = lists.map(({ next, paged }) => (next === null ? -1 : (paged.at(-1)?.seq ?? Infinity)));
  const first = Math.max(...ends);
  return first < 0 ? -1 : ends.indexOf(first);
}
