/** A link as a QR code, loaded only where one is shown. */
import { useEffect, useState } from 'preact/hooks';
import css from './QrCode.module.css';

export function QrCode({ text, label }: { text: string; label: string }) {
  const [rows, setRows] = useState<boolean[][]>([]);
  useEffect(() => {
    // Without it the link beside it is enough.
    import('uqr').then(
      ({ encode }) => setRows(encode(text, { border: 2 }).data),
      () => undefined,
    );
  }, [text]);
  const size = rows.length || 33;
  const path = rows.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg class={css.code} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
