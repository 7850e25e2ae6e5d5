/** The reactive primitive; below the screens only this file imports the library. */
export { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
