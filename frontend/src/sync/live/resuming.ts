/** Asks for missed events. */
import type { Cursors } from '../engine';
import { ask } from '../line/frames';
import { reloaded } from '../reload';
import { engine } from '../streams';

/** Asks for missed events, one portion after the other. */
export async function resume(portions: readonly Cursors[] = engine.portions()): Promise<void> {
  try {
    for (const portion of portions) await ask('resume', portion);
  } catch {
    // The next greeting asks again.
  }
}

/** Asks for missed events as soon as every stream has a position: one that is being loaded anew has none until then. */
export async function resumeAll(): Promise<void> {
  await reloaded();
  await resume();
}
