/** The life of a page, in rooms around the state of one line. */
import { abandon } from '../line/frames';
import * as tabs from '../line/tabs';
import * as token from '../line/token';
import * as outbox from '../outbox';
import * as people from '../people';
import * as greeting from './greeting';
import * as keeping from './keeping';
import * as leading from './leading';
import { connecting } from './line';
import * as presence from './presence';
import * as routing from './routing';
import * as waking from './waking';

const JOBS = [token, tabs, outbox, people, leading, greeting, routing, keeping, presence, waking];

/** Begin to listen, once for the life of the page: nothing happens before, not at import either. */
export function start(): void {
  for (const job of JOBS) job.start();
}

/** Join the other tabs of this person at the line. */
export function join(): void {
  connecting();
  tabs.join();
}

/** Leave the line: the session is over. */
export function leave(): void {
  tabs.resign();
  abandon();
  keeping.stop();
  people.forget();
}
