/** One sound at a time: what begins to play halts what played before. */

let playing: HTMLMediaElement | undefined;

/** Notes what plays now, and halts the one before. */
export function playAlone(media: HTMLMediaElement): void {
  if (playing !== media) playing?.pause();
  playing = media;
}
