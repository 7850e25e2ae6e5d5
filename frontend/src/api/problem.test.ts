import { expect, it } from 'vitest';
import { Problem } from './problem';

it.each([
  [{ status: 429, detail: 'Too many attempts.', retry_after_ms: 51_200 }, 'Too many attempts. Again in 52 s.'],
  [{ status: 429, detail: 'Too many attempts.', retry_after_ms: 600_000 }, 'Too many attempts. Again in 10 min.'],
  [{ status: 429, detail: 'Too many attempts.' }, 'Too many attempts.'],
  [{ status: 503, detail: 'Busy.', retry_after_ms: 1000 }, 'Busy.'],
])('an error says how long to wait: %j', (document, words) => expect(new Problem(document).message).toBe(words));
