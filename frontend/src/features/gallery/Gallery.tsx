/** The gallery of a chat: its photos and videos, its files, its links and its voice messages, by months. */
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Context } from '../../acts/act';
import { t } from '../../i18n/screens/gallery';
import { placeOf, removing } from '../../store/messages';
import { type Item, type Kind, nextOf, shownOf } from '../../store/parts/gallery';
import { connection } from '../../store/session';
import { type Feed, filesOf, linksOf } from '../../sync/parts/gallery';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Tabs, tabId } from '../../ui/Tabs';
import css from './Gallery.module.css';
import { FileRow, LinkRow, Tile, VoiceRow } from './Items';
import { List, type Way } from './List';

const TABS = ['photos', 'files', 'links', 'voice'] as const;
type Tab = (typeof TABS)[number];
const KINDS: Readonly<Record<Exclude<Tab, 'links'>, readonly Kind[]>> = {
  photos: ['media'],
  files: ['file'],
  voice: ['voice', 'audio'],
};
/** The height of a row with words, and of one with a player, rem. */
const ROW = 4.25;
const VOICE_ROW = 5.5;

interface Props {
  chatId: number;
  context: Context;
  /** What the address says. */
  tab: string;
}

export function Gallery({ chatId, context, tab }: Props) {
  const id = useId();
  const shown = TABS.find((one) => one === tab) ?? 'photos';
  const names: Record<Tab, string> = {
    photos: t().galleryPhotos,
    files: t().galleryFiles,
    links: t().galleryLinks,
    voice: t().galleryVoice,
  };
  return (
    <div class={css.gallery}>
      <Tabs
        label={t().galleryTabs}
        value={shown}
        options={TABS.map((one) => [one, names[one]])}
        shows={id}
        onChoose={(next) => context.open({ kind: 'gallery', chatId, tab: next })}
      />
      <div id={id} role="tabpanel" aria-labelledby={tabId(id, shown)} class={css.shown}>
        {shown === 'links' ? (
          <Links key={shown} chatId={chatId} context={context} />
        ) : (
          <Files key={shown} chatId={chatId} tab={shown} context={context} />
        )}
      </div>
    </div>
  );
}

function Links({ chatId, context: { open } }: { chatId: number; context: Context }) {
  const feed = useFeed(useMemo(() => linksOf(chatId), [chatId]));
  return (
    <Shown chatId={chatId} tab="links" feed={feed} row={ROW}>
      {(item, way) => <LinkRow item={item} way={way} open={open} />}
    </Shown>
  );
}

function Files({ chatId, tab, context: { open } }: { chatId: number; tab: keyof typeof KINDS; context: Context }) {
  const feed = useFeed(useMemo(() => filesOf(chatId, KINDS[tab]), [chatId, tab]));
  if (tab !== 'photos')
    return (
      <Shown chatId={chatId} tab={tab} feed={feed} row={tab === 'voice' ? VOICE_ROW : ROW}>
        {(item, way) => {
          const Row = item.file.kind === 'voice' ? VoiceRow : FileRow;
          return <Row item={item} way={way} open={open} />;
        }}
      </Shown>
    );
  const others = { files: feed.items, isWhole: feed.isWhole, more: feed.more };
  return (
    <Shown chatId={chatId} tab={tab} feed={feed}>
      {(item, way) => <Tile item={item} way={way} onOpen={() => open({ kind: 'viewer', at: item, others })} />}
    </Shown>
  );
}

interface ShownProps<T extends Item> {
  chatId: number;
  tab: Tab;
  feed: Fed<T>;
  /** The height of a row, rem; without one the items are a grid of squares. */
  row?: number;
  children: (item: T, way: Way) => ComponentChildren;
}

function Shown<T extends Item>({ chatId, tab, feed, row, children }: ShownProps<T>) {
  const { items, isWhole, isFailed, more, retry } = feed;
  const all = items.value;
  const [title = '', hint = ''] = t().galleryNone[tab];
  return (
    <List
      name={`${chatId} ${tab}`}
      items={all}
      {...(row && { row })}
      onNearEnd={more}
      end={
        isFailed ? (
          <div class={css.failed} role="alert">
            <p>{connection.value === 'online' ? t().galleryFailed : t().galleryOffline}</p>
            <Button onClick={retry}>{t().tryAgain}</Button>
          </div>
        ) : !isWhole.value ? (
          <p class={css.waiting} role="status">
            {t().loading}
          </p>
        ) : all.length ? null : (
          <Empty title={title} hint={hint} />
        )
      }
    >
      {children}
    </List>
  );
}

interface Fed<T> {
  items: { readonly value: readonly T[] };
  isWhole: { readonly value: boolean };
  isFailed: boolean;
  /** Loads older ones, unless that has failed. */
  more: () => void;
  retry: () => void;
}

/** Follows the items of a feed, and loads its pages one at a time. */
function useFeed<T extends Item>({ lists, load: ask }: Feed<T>): Fed<T> {
  const items = useComputed(() =>
    shownOf(lists.map((one) => one.value)).filter((one) => !removing.value.has(placeOf(one))),
  );
  // Changes with each page.
  const { value: at } = useComputed(() => lists.map((one) => String(one.value.next)).join());
  const isWhole = useComputed(() => nextOf(lists.map((one) => one.value)) < 0);
  const isLoading = useRef(false);
  const [isFailed, setFailed] = useState(false);
  const load = useCallback((): void => {
    if (isLoading.current) return;
    isLoading.current = true;
    setFailed(false);
    ask()
      .catch(() => setFailed(true))
      .finally(() => {
        isLoading.current = false;
      });
  }, [ask]);
  const isEmpty = !items.value.length;
  const isOnline = connection.value === 'online';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page and a network that is back are reasons
  useEffect(() => {
    if (!isWhole.value && (isEmpty || isFailed)) load();
  }, [at, isWhole.value, isEmpty, isOnline, load]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page the list asks for more if it is still short
  const more = useCallback(() => {
    if (!isFailed) load();
  }, [at, isFailed, load]);
  return { items, isWhole, isFailed, more, retry: load };
}
