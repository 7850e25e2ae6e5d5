/** Brings every frame of the server to its module. */
import type { ServerFrame, Told } from '../../api/types';
import { putPresence } from '../../store/users';
import { answered } from '../line/frames';
import { onFrame } from '../line/socket';
import { onDown, passDown } from '../line/tabs';
import { engine } from '../streams';
import { release, take } from './gathering';
import { ready, renewed, resumed } from './greeting';
import { typing } from './presence';

const routes: { [T in keyof Told]?: (data: Told[T]) => void } = {
  ready,
  resumed,
  resync: ({ topics, reason }) => engine.resync(topics, reason),
  auth_expiring: () => void renewed(),
  typing,
  presence: (state) => putPresence([state]),
};

/** Frames that only the tab with the socket handles. */
const own = new Set(['ready', 'auth_expiring', 'ping']);

function route(frame: ServerFrame): void {
  if (frame.type === 'batch' || frame.ev !== undefined) {
    take(frame);
    return;
  }
  release();
  if (frame.type === 'ack' || frame.type === 'error') answered(frame);
  else routes[frame.type as keyof Told]?.(frame.data as never);
}

export function start(): void {
  onFrame((frame) => {
    if (!own.has(frame.type)) passDown(frame);
    route(frame);
  });
  onDown(route);
}
