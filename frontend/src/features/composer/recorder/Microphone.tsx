/** The button that records, where the one to send is without words; the recorder is loaded with its first use. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { usePart } from '../../../content/part';
import { t } from '../../../i18n';
import { maySendFiles } from '../../../store/mine/tray';
import { recorded } from '../../../store/mine/voice';
import type { Spot } from '../../../ui/place';
import { usePress } from '../../../ui/touch/press';
import { begun } from './begun';

const load = () => import('./Recorder');

export const mayRecord = (chatId: number): boolean => 'MediaRecorder' in globalThis && maySendFiles(chatId);

/** Returns the properties of the button: a click records until it is ended, a finger as long as it rests. */
export function useMicrophone(chatId: number) {
  const begin = (at: Spot | null): void => {
    begun.value ??= { chatId, at };
  };
  return {
    icon: 'mic' as const,
    label: t().voiceRecord,
    ...usePress(begin, 'a'),
    onPointerEnter: () => void load().catch(() => {}),
    // The second click of a double one was meant for the button to send.
    onClick: ({ detail }: MouseEvent) => detail < 2 && begin(null),
  };
}

interface Props {
  chatId: number;
  /** Takes the focus when the recorder is gone. */
  onDone: () => void;
}

export function RecorderPlace(props: Props) {
  const { chatId, onDone } = props;
  const isBegun = begun.value?.chatId === chatId;
  const done = useRef(onDone);
  done.current = onDone;
  // The field is there again by then.
  useLayoutEffect(() => (isBegun ? () => done.current() : undefined), [isBegun]);
  const part = usePart(isBegun || recorded.value.has(chatId), load);
  return part ? <part.Recorder {...props} /> : null;
}
