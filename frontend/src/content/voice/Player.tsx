/** A voice message: its waveform, which is a slider, its length and its speed. */
import { Pause, Play } from 'lucide';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { t } from '../../i18n/screens/player';
import { playTime } from '../../lib/time';
import { isHeard } from '../../store/mine/voice';
import type { Item } from '../../store/outbox';
import { IconButton } from '../../ui/Button';
import { voiceOf } from '../file/files';
import { openOwn, ownPhoto } from '../file/own';
import { elsewhere } from './aside';
import { Bars } from './Bars';
import { Elsewhere } from './Elsewhere';
import { heightsOf } from './heights';
import css from './Player.module.css';
import {
  at,
  current,
  faster,
  isPlaying,
  left,
  length,
  type State,
  seek,
  speed,
  state,
  type Track,
  toggle,
  trackOf,
} from './playing';

/** The steps of the slider's keys, ms. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -5000,
  ArrowRight: 5000,
  PageUp: 30_000,
  PageDown: -30_000,
};

export function Player(props: { message: MessageView } | { item: Item }) {
  return 'message' in props ? <Sent {...props} /> : <Waiting {...props} />;
}

function Sent({ message }: { message: MessageView }) {
  const track = trackOf(message);
  return track ? <Sound track={track} peaks={voiceOf(message)?.peaks} isNew={!isHeard(message)} /> : null;
}

/** Draws a recording that is not sent yet: it plays from this browser. */
function Waiting({ item: { cmid, files } }: { item: Item }) {
  const [address, setAddress] = useState(() => ownPhoto(cmid, 0));
  useEffect(() => {
    let isWanted = true;
    void openOwn(cmid, 0).then((found) => isWanted && setAddress(found));
    return () => {
      isWanted = false;
    };
  }, [cmid]);
  const { ms = 0, peaks = '' } = files?.[0]?.voice ?? {};
  return <Sound track={{ key: cmid, address: address ?? '', length: ms, chatId: 0, seq: 0 }} peaks={peaks} />;
}

interface Props {
  track: Track;
  peaks: string | undefined;
  /** Whether it was not listened to yet. */
  isNew?: boolean;
}

/** Draws a recording that can be played. */
export function Sound({ track, peaks, isNew = false }: Props) {
  const isCurrent = current.value?.key === track.key;
  const problem = isCurrent ? problemOf(state.value) : '';
  const isOn = isCurrent && isPlaying();
  const all = (isCurrent && length.value) || track.length;
  const now = Math.min(all, isCurrent ? at.value : (left.value.get(track.key) ?? 0));
  const heights = useMemo(() => heightsOf(peaks), [peaks]);
  const begun = isCurrent || now > 0;
  return (
    <div class={css.player} role="group" aria-label={t().voiceLine(all)}>
      <IconButton
        icon={isOn ? Pause : Play}
        label={isOn ? t().playPause : problem ? t().tryAgain : t().play(all)}
        aria-busy={!track.address || (isCurrent && state.value === 'loading')}
        onClick={() => {
          elsewhere.value = Elsewhere;
          toggle(track);
        }}
      />
      <div class={css.wave} style={{ '--part': all ? now / all : 0 }}>
        <Bars heights={heights} />
        <Knob track={track} now={now} all={all} />
      </div>
      <p class={css.note}>
        {isNew && <span class={css.dot} role="img" aria-label={t().playUnheard} title={t().playUnheard} />}
        <span role={problem ? 'alert' : undefined}>
          {problem || (begun ? `${playTime(now)} / ${playTime(all)}` : playTime(all))}
        </span>
      </p>
      <button
        type="button"
        class={css.speed}
        hidden={!isCurrent}
        aria-label={t().playSpeed(`${speed.value}×`)}
        onClick={faster}
      >
        {speed.value}×
      </button>
    </div>
  );
}

/** Returns in words why a sound does not play; empty if it does. */
function problemOf(now: State): string {
  if (now === 'gone') return t().playGone;
  if (now === 'offline') return t().playOffline;
  return now === 'failed' ? t().playFailed : '';
}

function Knob({ track, now, all }: { track: Track; now: number; all: number }) {
  const go = (ms: number): void => seek(track, Math.max(0, Math.min(all, ms)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(now + step);
  };
  return (
    <input
      type="range"
      min={0}
      max={Math.max(1, Math.round(all))}
      step={1}
      value={Math.round(now)}
      aria-label={t().playPosition}
      aria-valuetext={t().playAt(now, all)}
      onInput={({ currentTarget }) => go(Number(currentTarget.value))}
      onKeyDown={onKeyDown}
    />
  );
}
