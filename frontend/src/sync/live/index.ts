/** The life of a page: modules around the state of one connection. */
import * as attaching from '../files/attaching';
import { abandon } from '../line/frames';
import * as tabs from '../line/tabs';
import * as token from '../line/token';
import * as outbox from '../outbox';
import * as people from '../people';
import * as closing from './closing';
import * as gathering from './gathering';
import * as greeting from './greeting';
import * as keeping from './keeping';
import * as leading from './leading';
import { connecting } from './line';
import * as presence from './presence';
import * as routing from './routing';
import * as waking from './waking';
import * as writing from './writing';

const JOBS = [
  token,
  tabs,
  outbox,
  attaching,
  people,
  leading,
  greeting,
  routing,
  gathering,
  keeping,
  writing,
  closing,
  presence,
  waking,
];

/** Starts the listeners, once for the life of the page: modules have no effects at import. */
export function start(): void {
  for (const job of JOBS) job.start();
}

/** Joins the other tabs of this person at the connection. */
export function join(): void {
  connecting();
  tabs.join();
}

/** Leaves the connection at the end of the session. */
export function leave(): void {
  gathering.release();
  tabs.resign();
  abandon();
  keeping.stop();
  people.forget();
}
