/** A waveform: bars of a fixed number over the whole width, fewer where there is little room. */

import { gathered } from './heights';
import css from './Player.module.css';

const HIGH = 24;
const LEAST = 2;

export function Bars({ heights }: { heights: readonly number[] }) {
  return (
    <>
      <Drawn heights={heights} look={css.all} />
      <Drawn heights={gathered(heights, heights.length / 2)} look={css.half} />
    </>
  );
}

function Drawn({ heights, look }: { heights: readonly number[]; look: string | undefined }) {
  const path = heights.map((height, place) => {
    const half = Math.max(LEAST, (HIGH * height) / 255) / 2;
    return `M${place + 0.5} ${HIGH / 2 - half}v${2 * half}`;
  });
  return (
    <svg class={look} viewBox={`0 0 ${heights.length} ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path.join('')} />
      <path d={path.join('')} />
    </svg>
  );
}
