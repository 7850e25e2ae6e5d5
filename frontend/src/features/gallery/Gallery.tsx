/** The gallery of a chat: its photos and videos, its files and its voice messages, by months. */
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Context } from '../../acts/act';
import type { ChatFile } from '../../api/types';
import { t } from '../../i18n/screens/gallery';
import { placeOf, removing } from '../../store/messages';
import { type Kind, nextOf, shownOf } from '../../store/parts/gallery';
import { connection } from '../../store/session';
import { listsOf, loadOlder } from '../../sync/parts/gallery';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Tabs, tabId } from '../../ui/Tabs';
import css from './Gallery.module.css';
import { FileRow, Tile } from './Items';
import { List, type Way } from './List';

const TABS = ['photos', 'files', 'voice'] as const;
type Tab = (typeof TABS)[number];
const KINDS: Readonly<Record<Tab, readonly Kind[]>> = {
  photos: ['media'],
  files: ['file'],
  voice: ['voice', 'audio'],
};
/** The height of a row with words, rem. */
const ROW = 4.25;

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
        <Shown key={shown} chatId={chatId} tab={shown} context={context} />
      </div>
    </div>
  );
}

function Shown({ chatId, tab, context }: { chatId: number; tab: Tab; context: Context }) {
  const { files, isWhole, isFailed, more, retry } = useFiles(chatId, KINDS[tab]);
  const items = files.value;
  const draw = (item: ChatFile, way: Way): ComponentChildren => {
    const { chat_id, seq, place } = item;
    if (tab !== 'photos') return <FileRow item={item} way={way} open={context.open} />;
    const view = (): void => context.open({ kind: 'viewer', at: { chat_id, seq, place }, others: { files, more } });
    return <Tile item={item} way={way} onOpen={view} />;
  };
  const [title = '', hint = ''] = t().galleryNone[tab];
  return (
    <List
      name={`${chatId} ${tab}`}
      items={items}
      {...(tab !== 'photos' && { row: ROW })}
      onNearEnd={more}
      end={
        isFailed ? (
          <div class={css.failed} role="alert">
            <p>{connection.value === 'online' ? t().galleryFailed : t().galleryOffline}</p>
            <Button onClick={retry}>{t().tryAgain}</Button>
          </div>
        ) : !isWhole ? (
          <p class={css.waiting} role="status">
            {t().loading}
          </p>
        ) : items.length ? null : (
          <Empty title={title} hint={hint} />
        )
      }
    >
      {draw}
    </List>
  );
}

/** Returns the files of some lists of a chat in one, and what loads older ones: one request at a time. */
function useFiles(chatId: number, kinds: readonly Kind[]) {
  const lists = listsOf(chatId);
  const files = useComputed(() =>
    shownOf(kinds.map((one) => lists[one].value)).filter((one) => !removing.value.has(placeOf(one))),
  );
  // Changes with each page.
  const { value: next } = useComputed(() => kinds.map((one) => String(lists[one].value.next)));
  const { value: isWhole } = useComputed(() => nextOf(kinds.map((one) => lists[one].value)) < 0);
  const isLoading = useRef(false);
  const [isFailed, setFailed] = useState(false);
  const load = useCallback((): void => {
    if (isLoading.current) return;
    isLoading.current = true;
    setFailed(false);
    loadOlder(chatId, kinds)
      .catch(() => setFailed(true))
      .finally(() => {
        isLoading.current = false;
      });
  }, [chatId, kinds]);
  const at = next.join();
  const isEmpty = !files.value.length;
  const isOnline = connection.value === 'online';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page and a network that is back are reasons
  useEffect(() => {
    if (!isWhole && (isEmpty || isFailed)) load();
  }, [at, isWhole, isEmpty, isOnline, load]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page the list asks for more if it is still short
  const more = useCallback(() => {
    if (!isFailed) load();
  }, [at, isFailed, load]);
  return { files, isWhole, isFailed, more, retry: load };
}
