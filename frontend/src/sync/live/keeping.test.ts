/** What is kept in the browser without an event. */
import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import type { UserRead } from '../../api/types';
import { me, phase } from '../../store/session';
import { putUsers } from '../../store/users';
import { readImage } from '../cache';
import { keepNow, start, stop } from './keeping';

it('keeps the names that were asked for, so that the next visit shows them at once', async () => {
  me.value = { id: 1, name: 'Me', rev: 1 } as UserRead;
  phase.value = 'in';
  start();
  putUsers([{ id: 7, name: 'Left long ago', rev: 1 } as UserRead]);
  keepNow();
  await vi.waitFor(async () => expect((await readImage())?.users).toMatchObject([{ name: 'Left long ago' }]), 10_000);
  stop();
});
