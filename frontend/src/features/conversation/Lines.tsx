/** The rows of the list of messages. */
import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { kindOf } from '../../content/kinds';
import type { Open } from '../../content/things';
import { lang, t } from '../../i18n';
import { memo } from '../../lib/memo';
import { dayName, dayOf } from '../../lib/time';
import { chat } from '../../store/chats';
import { today } from '../../store/clock';
import type { Draft } from '../../store/drafts';
import { placeOf, removing } from '../../store/messages';
import { myId } from '../../store/session';
import type { Spot } from '../../ui/place';
import { Message } from '../message/Message';
import { PendingMessage } from '../message/PendingMessage';
import { Run } from '../message/Run';
import css from './MessageList.module.css';
import type { Selecting } from './selecting';
import { keysOf, type Row, runsOf } from './window';

interface Props {
  chatId: number;
  rows: readonly Row[];
  selecting: Selecting;
  /** The message whose menu is open. */
  marked: number | null;
  onMenu: (message: MessageView, at: Spot) => void;
  onKey: (message: MessageView, event: KeyboardEvent) => boolean;
  onEditPending: (draft: Draft) => void;
  open: Open;
  pickDay: () => void;
}

/**
 * Draws the rows. Each gets only what it shows: a message that arrives draws no other row anew. They are in a block of
 * their own: among the items of a flexible box each would be measured again.
 */
export function Lines({ chatId, rows, selecting, marked, ...on }: Props) {
  const { value: isGroup } = useComputed(() => chat(chatId)?.kind === 'group');
  const hidden = removing.value;
  const runs = runsOf(rows);
  const known = useRef<ReadonlyMap<string, string>>(new Map());
  const keys = keysOf(runs, known.current);
  known.current = new Map(runs.flatMap((run, place) => run.map((row) => [row.key, keys[place] ?? ''])));
  return (
    <div>
      {runs.map((run, place) => {
        const [first] = run;
        if (first.kind === 'day') return <Day key={first.key} at={first.at} onPick={on.pickDay} />;
        if (first.kind === 'unread') return <Unread key={first.key} at={first.at} />;
        const faceId = isGroup ? faceOf(first) : null;
        return (
          <Run key={keys[place]} faceId={faceId} open={on.open}>
            {run.map((row) => {
              if (row.kind === 'pending')
                return <PendingMessage key={row.key} item={row.item} isSoon={row.isSoon} onEdit={on.onEditPending} />;
              if (row.kind !== 'message') return null;
              return (
                <Message
                  key={row.key}
                  message={row.message}
                  isNamed={faceId !== null && row === first}
                  isSoon={row.isSoon}
                  isSelected={selecting.seqs.has(row.message.seq)}
                  isMarked={marked === row.message.seq}
                  isHidden={hidden.size > 0 && hidden.has(placeOf(row.message))}
                  onMenu={on.onMenu}
                  onSelect={selecting.toggle}
                  onKey={on.onKey}
                  open={on.open}
                />
              );
            })}
          </Run>
        );
      })}
    </div>
  );
}

/** Returns the author whose name and picture a run needs: one of a group, unless it is the reader. */
function faceOf(row: Row): number | null {
  if (row.kind !== 'message' || !kindOf(row.message).body) return null;
  return row.message.sender_id === myId() ? null : row.message.sender_id;
}

const Day = memo(function Day({ at, onPick }: { at: string; onPick: () => void }) {
  return (
    <h2 class={css.day}>
      <button type="button" title={t().jumpToDate} onClick={onPick}>
        {dayName(at, lang.value, today.value)}
      </button>
    </h2>
  );
});

const Unread = memo(function Unread({ at }: { at: string }) {
  return (
    <p class={css.unread} data-unread>
      <span>{sinceWords(at)}</span>
    </p>
  );
});

/** Returns the text of the unread divider; it names the day unless that is today. */
function sinceWords(at: string): string {
  return dayOf(at) === today.value ? t().newMessages : t().newSince(dayName(at, lang.value, today.value));
}
