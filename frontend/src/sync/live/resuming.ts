/** Asks for the events that were missed. */
import type { Cursors } from '../engine';
import { ask } from '../line/frames';
import { reloaded } from '../reload';
import { engine } from '../streams';

/** Ask for what was missed, one portion after the other. */
export async function resume(portions: readonly Cursors[] = engine.portions()): Promise<void> {
  try {
    for (const portion of portions) await ask('resume', portion);
  } catch {
    // The next greeting asks again.
  }
}

/** Ask for what was missed as soon as every stream has a place: one that is being loaded anew has none until then. */
export async function resumeAll(): Promise<void> {
  await reloaded();
  await resume();
}
