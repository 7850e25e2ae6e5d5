/** Keeps nothing of uploads yet: this client sends no files, and reads those of messages with the messages. */
import type { Slice } from '../slice';

const ignore = (): void => undefined;

export const events = { 'file.ready': ignore, 'file.failed': ignore } satisfies Slice['events'];
