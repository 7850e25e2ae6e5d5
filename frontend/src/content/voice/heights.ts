/** The heights of a waveform: a byte for each hundredth of a recording, of which the loudest is 255. */
export const BARS = 100;

/** Returns the heights that are written in base64; a line without any, or of damaged ones. */
export function heightsOf(peaks: string | undefined): readonly number[] {
  try {
    const found = Array.from(atob(peaks ?? ''), (one) => one.charCodeAt(0));
    if (found.length === BARS) return found;
  } catch {
    // A waveform is not needed to listen.
  }
  return new Array(BARS).fill(0);
}

/** Returns so many heights of more or fewer: of each part its highest. */
export function gathered(heights: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, place) => {
    const from = Math.floor((place * heights.length) / count);
    const to = Math.max(from + 1, Math.floor(((place + 1) * heights.length) / count));
    return Math.max(0, ...heights.slice(from, to));
  });
}

/** Writes heights of any range in base64, as the server does. */
export function peaksOf(heights: readonly number[]): string {
  const all = gathered(heights, BARS);
  const most = Math.max(...all) || 1;
  return btoa(String.fromCharCode(...all.map((one) => Math.round((255 * one) / most))));
}
