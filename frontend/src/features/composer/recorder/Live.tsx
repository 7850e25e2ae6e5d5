/** A recording that goes on: its level and its length; it is paused, listened to, deleted or sent. */
import { Pause } from 'lucide';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Bars } from '../../../content/voice/Bars';
import { peaksOf } from '../../../content/voice/heights';
import { hush } from '../../../content/voice/playing';
import { t } from '../../../i18n/screens/recorder';
import { playTime } from '../../../lib/time';
import { sendVoice } from '../../../sync/voice/sending';
import { Button, IconButton } from '../../../ui/Button';
import type { Spot } from '../../../ui/place';
import { toast } from '../../../ui/Toast';
import { isResting } from '../../../ui/touch/press';
import { begun } from './begun';
import { Draft, UNDO_MS } from './Draft';
import css from './Recorder.module.css';
import { longest, type Phase, type Reason, Recording } from './recording';

/** The number of levels that are shown: an even one. */
const SHOWN = 60;
/** How far a finger slides to delete the recording, or to go on without holding, px. */
const FAR_PX = 70;

interface Props {
  chatId: number;
  /** Where a finger holds the button. */
  at: Spot | null;
}

export function Live({ chatId, at }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const [recording] = useState(() => new Recording(chatId));
  const phase = recording.phase.value;
  const reason = recording.reason.value;
  useEffect(() => {
    hush();
    void recording.begin();
    return () => {
      recording.leave();
      begun.value = null;
    };
  }, [recording]);
  const end = (): void => {
    begun.value = null;
  };
  const isOver = useRef(false);
  // A second press, or Escape after Send, finds the recording on its way.
  const once = (work: () => Promise<void>) => async (): Promise<void> => {
    if (isOver.current) return;
    isOver.current = true;
    await work();
  };
  const discard = async (): Promise<void> => {
    const isBegun = recording.ms.value > 0;
    const undo = await recording.drop();
    end();
    if (isBegun) toast(t().recordDropped, { label: t().undo, run: undo }, UNDO_MS);
  };
  const drop = once(discard);
  const send = once(async () => {
    await recording.stop();
    const recorded = recording.recorded();
    if (!recorded.bytes.size) return discard();
    recording.sent();
    await sendVoice(recorded, peaksOf(recorded.heights));
    end();
  });
  const isHeld = useHold(at, phase === 'recording', { drop, send });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each phase has a button to begin with
  useLayoutEffect(() => bar.current?.querySelector<HTMLElement>('[data-main]')?.focus(), [phase]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    void drop();
  };
  const isOpen = phase === 'recording' || phase === 'paused';
  const note = reason ? reasonOf(reason) : isHeld ? t().recordHolding : '';
  return (
    <div ref={bar} class={css.bar} data-recorder={phase} role="group" aria-label={t().recordBar} onKeyDown={onKeyDown}>
      <p class={css.spoken} role="status">
        {phaseOf(phase)}
      </p>
      {phase === 'asking' && <p class={css.note}>{t().recordAsking}</p>}
      {note && (
        <p class={css.note} role={reason ? 'alert' : undefined}>
          {note}
        </p>
      )}
      {recording.isLoose.value && <p class={css.note}>{t().fileLoose}</p>}
      {phase === 'refused' && (
        <Button data-main="" onClick={() => void recording.begin()}>
          {t().tryAgain}
        </Button>
      )}
      {phase === 'asking' || phase === 'refused' ? (
        <IconButton icon="close" label={t().cancel} {...(phase === 'asking' && MAIN)} onClick={() => void drop()} />
      ) : (
        <>
          <IconButton icon="remove" label={t().recordDrop} onClick={() => void drop()} />
          {phase === 'recording' ? <Running recording={recording} /> : <Paused recording={recording} />}
          {isOpen && (
            <IconButton
              {...MAIN}
              icon={phase === 'recording' ? Pause : 'mic'}
              label={phase === 'recording' ? t().recordPause : t().recordGoOn}
              onClick={() => {
                hush();
                if (phase === 'recording') recording.pause();
                else recording.resume();
              }}
            />
          )}
          <IconButton icon="send" label={t().send} {...(!isOpen && MAIN)} onClick={() => void send()} />
        </>
      )}
    </div>
  );
}

/** Returns a phase in words. */
function phaseOf(phase: Phase): string {
  if (phase === 'recording') return t().recordRecording;
  if (phase === 'paused') return t().recordPaused;
  return phase === 'done' ? t().recordDone : '';
}

/** Returns why there is no recording, or why it has ended, in words. */
function reasonOf(reason: Reason): string {
  const words: Readonly<Record<Reason, string>> = {
    denied: t().recordDenied,
    missing: t().recordMissing,
    busy: t().recordBusy,
    insecure: t().recordInsecure,
    unable: t().recordUnable,
    lost: t().recordLost,
    limit: t().recordLimit(longest()),
  };
  return words[reason];
}

/** Marks the button of a phase that has the focus at first. */
const MAIN = { 'data-main': '' };

/** Draws what is recorded now: the last seconds of its level. */
function Running({ recording: { ms, heights } }: { recording: Recording }) {
  const length = ms.value;
  const shown = [...new Array<number>(SHOWN).fill(0), ...heights].slice(-SHOWN);
  return (
    <>
      <span class={css.time}>{playTime(length)}</span>
      <div class={css.level}>
        <Bars heights={shown} />
      </div>
    </>
  );
}

/** Draws what was recorded until now. */
function Paused({ recording }: { recording: Recording }) {
  const count = recording.count.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: anew with each part
  const recorded = useMemo(() => recording.recorded(), [recording, count]);
  return <Draft recorded={recorded} />;
}

/** Follows the finger that holds the button; returns whether it still does. */
function useHold(
  at: Spot | null,
  isRecording: boolean,
  { drop, send }: { drop: () => Promise<void>; send: () => Promise<void> },
): boolean {
  const [isHeld, setHeld] = useState(at !== null && isResting());
  const acts = useRef({ drop, send });
  acts.current = { drop, send };
  useEffect(() => {
    if (!at || !isHeld) return undefined;
    const ending = new AbortController();
    const { signal } = ending;
    const over = (act?: () => Promise<void>): void => {
      ending.abort();
      setHeld(false);
      void act?.();
    };
    const onMove = ({ touches }: TouchEvent): void => {
      const [touch] = touches;
      if (!touch) return;
      if (touch.clientX < at.x - FAR_PX) over(acts.current.drop);
      else if (touch.clientY < at.y - FAR_PX) over();
    };
    // A finger that was lifted during the browser's question began the recording, no more.
    addEventListener('touchend', () => over(isRecording ? acts.current.send : undefined), { signal });
    addEventListener('touchcancel', () => over(), { signal });
    addEventListener('touchmove', onMove, { signal });
    return () => ending.abort();
  }, [at, isHeld, isRecording]);
  return isHeld && isRecording;
}
