/** The colours of a picture that has not loaded yet. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { thumbHashToRGBA } from 'thumbhash';

/** Draws the colours of a ThumbHash; a damaged one is a grey tile. */
export function Colours({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    try {
      const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(hash), (one) => one.charCodeAt(0)));
      const image = new ImageData(new Uint8ClampedArray(rgba), w, h);
      if (canvas.current)
        Object.assign(canvas.current, { width: w, height: h }).getContext('2d')?.putImageData(image, 0, 0);
    } catch {
      // It is the picture that counts.
    }
  }, [hash]);
  return <canvas ref={canvas} />;
}
