/** The third column: beside the conversation, or in its place on narrow screens. */
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Context } from '../../acts/act';
import { t } from '../../i18n';
import { visited } from '../../lib/browser';
import { Button, IconButton } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { useSwipe } from '../../ui/touch/swipe';
import { type PanelName, panels } from '../panels';
import { useLoaded } from './loaded';
import { useNarrow } from './narrow';
import css from './Panel.module.css';

interface Props {
  name: PanelName;
  chatId: number;
  context: Context;
  tab: string;
  onClose: () => void;
}

export function Panel({ name, chatId, context, tab, onClose }: Props) {
  const { title, load } = panels[name];
  const { part: View, isFailed, retry } = useLoaded(load);
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const isNarrow = useNarrow();
  const Heading = isNarrow ? 'h1' : 'h2';
  // In the place of the conversation it is the main part of the page.
  const Frame = isNarrow ? 'main' : 'aside';
  useLayoutEffect(() => visited(() => heading.current?.focus({ preventScroll: true })), []);
  return (
    <Frame
      class={css.panel}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || document.querySelector('dialog[open], [popover]:popover-open')) return;
        event.stopPropagation();
        onClose();
      }}
      {...useSwipe(onClose)}
    >
      <header class={css.head}>
        <IconButton icon={isNarrow ? 'back' : 'close'} label={isNarrow ? t().back : t().close} onClick={onClose} />
        <Heading id={id} ref={heading} tabIndex={-1}>
          {title(chatId)}
        </Heading>
      </header>
      <div class={css.body} aria-busy={!View && !isFailed}>
        {View && <View chatId={chatId} context={context} tab={tab} />}
        {isFailed && (
          <Empty title={t().loadFailed}>
            <Button onClick={retry}>{t().tryAgain}</Button>
          </Empty>
        )}
        {!View && !isFailed && (
          <p class={css.waiting} role="status">
            {t().loading}
          </p>
        )}
      </div>
    </Frame>
  );
}
