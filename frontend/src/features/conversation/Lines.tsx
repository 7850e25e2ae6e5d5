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
import { keysOf, type Row, type Rows, runsOf } from './window';

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

interface PieceProps extends Omit<Props, 'chatId' | 'rows' | 'selecting' | 'pickDay'> {
  rows: Rows;
  faceId: number | null;
  seqs: Selecting['seqs'];
  toggle: Selecting['toggle'];
  hidden: ReadonlySet<string>;
}

/** Draws a run. It is drawn anew only if its rows change, or what is selected. */
const Piece = memo(function Piece({ rows, faceId, seqs, toggle, marked, hidden, ...on }: PieceProps) {
  return (
    <Run faceId={faceId} open={on.open}>
      {rows.map((row) => {
        if (row.kind === 'pending')
          return <PendingMessage key={row.key} item={row.item} isSoon={row.isSoon} onEdit={on.onEditPending} />;
        if (row.kind !== 'message') return null;
        return (
          <Message
            key={row.key}
            message={row.message}
            isNamed={faceId !== null && row === rows[0]}
            isSoon={row.isSoon}
            isSelected={seqs.has(row.message.seq)}
            isMarked={marked === row.message.seq}
            isHidden={hidden.size > 0 && hidden.has(placeOf(row.message))}
            onMenu={on.onMenu}
            onSelect={toggle}
            onKey={on.onKey}
            open={on.open}
          />
        );
      })}
    </Run>
  );
});

/**
 * Draws the rows. Each gets only what it shows: a message that arrives draws no other run anew. They are in a block of
 * their own: among the items of a flexible box each would be measured again.
 */
export function Lines({ chatId, rows, selecting, marked, onMenu, onKey, onEditPending, open, pickDay }: Props) {
  const { value: isGroup } = useComputed(() => chat(chatId)?.kind === 'group');
  const { seqs, toggle } = selecting;
  const before = useRef<readonly Rows[]>([]);
  const known = useRef<ReadonlyMap<string, string>>(new Map());
  const runs = runsOf(rows, before.current);
  const keys = keysOf(runs, known.current);
  before.current = runs;
  known.current = new Map(runs.flatMap((run, place) => run.map((row) => [row.key, keys[place] ?? ''])));
  const on = { seqs, toggle, marked, hidden: removing.value, onMenu, onKey, onEditPending, open };
  return (
    <div>
      {runs.map((run, place) => {
        const [first] = run;
        if (first.kind === 'day') return <Day key={first.key} at={first.at} onPick={pickDay} />;
        if (first.kind === 'unread') return <Unread key={first.key} at={first.at} />;
        return <Piece key={keys[place]} rows={run} faceId={isGroup ? faceOf(first) : null} {...on} />;
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
