/** Ranges of a history under random jumps, pages and new messages: without holes inside, never adjoining each other. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MessageView } from '../api/types';
import { HELD_MAX, type Window, windowOf, withChanged, withCreated } from './messages';
import { dropRanges, follow, notePlace, rangesApart, showHeld, showRange } from './ranges';

const message = (seq: number): MessageView => ({ chat_id: 7, seq, rev: 1, text: `${seq}` }) as unknown as MessageView;

function page(from: number, to: number, head: number): Window {
  const items = Array.from({ length: to - from + 1 }, (_, place) => message(from + place));
  return { items, hasBefore: from > 1, hasAfter: to < head };
}

const act = fc.oneof(
  fc.record({ kind: fc.constant('jump' as const), at: fc.nat() }),
  fc.record({ kind: fc.constantFrom('before' as const, 'after' as const, 'created' as const, 'newest' as const) }),
);

function play(one: typeof act extends fc.Arbitrary<infer T> ? T : never, head: number): number {
  const shown = windowOf(7).value as Window;
  const [first, last] = [shown.items[0]?.seq ?? 1, shown.items.at(-1)?.seq ?? 1];
  if (one.kind === 'jump') {
    const seq = (one.at % head) + 1;
    if (!showHeld(7, seq)) showRange(7, page(Math.max(1, seq - 2), Math.min(head, seq + 2), head));
    expect(windowOf(7).value?.items.some((each) => each.seq === seq)).toBe(true);
  } else if (one.kind === 'before' && first > 1) showRange(7, page(Math.max(1, first - 5), first - 1, head));
  else if (one.kind === 'after' && last < head) showRange(7, page(last + 1, Math.min(head, last + 5), head));
  else if (one.kind === 'newest' && !showHeld(7, 'newest')) showRange(7, page(Math.max(1, head - 4), head, head));
  else if (one.kind === 'created') follow(7, (range) => withCreated(range, message(head + 1)));
  return one.kind === 'created' ? head + 1 : head;
}

function expectSound(head: number): void {
  const ranges = [...rangesApart(7), windowOf(7).value as Window].map((one) => {
    const seqs = one.items.map((each) => each.seq);
    const [from, to] = [seqs[0] ?? 0, seqs.at(-1) ?? 0];
    expect(seqs).toEqual(Array.from({ length: to - from + 1 }, (_, place) => from + place));
    expect([one.hasBefore, one.hasAfter]).toEqual([from > 1, to < head]);
    return [from, to] as const;
  });
  ranges.sort((one, other) => one[0] - other[0]);
  for (const [place, [from]] of ranges.entries()) expect(from).toBeGreaterThan((ranges[place - 1]?.[1] ?? -1) + 1);
}

it('ranges stay contiguous and apart, and know their neighbours', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 60 }), fc.array(act, { maxLength: 40 }), (start, acts) => {
      let head = start;
      dropRanges(7, page(head - 4, head, head));
      for (const one of acts) {
        head = play(one, head);
        expectSound(head);
      }
    }),
    { numRuns: 2000 },
  );
});

it('a change reaches a range apart, and going back to the newest loads nothing', () => {
  dropRanges(7, page(56, 60, 60));
  showRange(7, page(1, 5, 60));
  follow(7, (range) => withChanged(range, { ...message(58), rev: 2, text: 'edited' }));
  follow(7, (range) => withCreated(range, message(61)));
  expect(showHeld(7, 'newest')).toBe(true);
  expect(windowOf(7).value?.items.map((one) => one.text)).toEqual(['56', '57', 'edited', '59', '60', '61']);
  expect(showHeld(7, 3)).toBe(true);
  expect(windowOf(7).value?.items).toHaveLength(5);
});

it('however many arrive, each range keeps its size and the reader its place', () => {
  const acts = fc.array(fc.record({ count: fc.nat(300), at: fc.nat(), isReading: fc.boolean() }), { maxLength: 12 });
  fc.assert(
    fc.property(acts, (all) => {
      let head = 60;
      dropRanges(7, page(11, head, head));
      notePlace(7, null);
      for (const { count, at, isReading } of all) {
        const { items } = windowOf(7).value as Window;
        const place = isReading ? (items[at % items.length]?.seq ?? null) : null;
        notePlace(7, place);
        for (let n = 0; n < count; n += 1) {
          head += 1;
          follow(7, (range) => withCreated(range, message(head)));
        }
        expectSound(head);
        const shown = windowOf(7).value as Window;
        expect(shown.items.length).toBeLessThanOrEqual(HELD_MAX + 20);
        if (place === null) expect(shown.hasAfter).toBe(items.at(-1)?.seq !== head - count);
        else expect(shown.items.some((one) => one.seq === place)).toBe(true);
        if (!showHeld(7, 'newest')) showRange(7, page(head - 49, head, head));
      }
    }),
    { numRuns: 200 },
  );
});
