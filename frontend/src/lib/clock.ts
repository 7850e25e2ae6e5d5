/** The server's clock, as far as its answers say it: a device may be hours wrong. */
import { emitter } from './emitter';

/** Answers name whole seconds and take some time: a smaller difference is none. */
const NOISE_MS = 2000;

let aheadMs = 0;

/** Emits when an answer has shown that the clock was wrong. */
export const onCorrected = emitter<void>();

/** Notes the `Date` header of an answer that has just arrived. */
export function noteServerDate(header: string | null): void {
  const ms = Date.parse(header ?? '');
  if (Number.isNaN(ms)) return;
  const found = ms + 500 - Date.now();
  if (Math.abs(found - aheadMs) <= NOISE_MS) return;
  aheadMs = found;
  onCorrected.emit();
}

/** Returns the time (ms) by the server's clock. */
export const serverNow = (): number => Date.now() + aheadMs;
