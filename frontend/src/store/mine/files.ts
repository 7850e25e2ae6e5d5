/** Keeps nothing of uploads: the outbox asks for the end of its own, and files of messages come with the messages. */
import type { Slice } from '../slice';

const ignore = (): void => undefined;

export const events = { 'file.ready': ignore, 'file.failed': ignore } satisfies Slice['events'];
