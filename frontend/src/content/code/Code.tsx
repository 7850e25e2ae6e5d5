/** A block of code: coloured if its language is named, with a button that copies it. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { IconButton } from '../../ui/Button';
import { toClipboard } from '../../ui/clipboard';
import { toast } from '../../ui/Toast';
import css from './Code.module.css';
import type { Piece } from './pieces';

export function Code({ lang, text }: { lang: string; text: string }) {
  const [pieces, setPieces] = useState<Piece[]>([]);
  useEffect(() => {
    let isWanted = Boolean(lang);
    setPieces([]);
    if (!isWanted) return;
    import('./colour')
      .then(({ colour }) => colour(text, lang))
      // Colours are optional: without them the code is complete.
      .then(
        (found) => isWanted && setPieces(found),
        () => undefined,
      );
    return () => {
      isWanted = false;
    };
  }, [lang, text]);
  const copy = (): void => {
    toClipboard({ text }).then(
      () => toast(t().copied),
      () => toast(t().failed),
    );
  };
  return (
    <figure class={css.code} lang="en" translate={false}>
      <figcaption data-bare={lang ? undefined : true}>
        <span>{lang}</span>
        <IconButton icon="copy" label={t().copy} onClick={copy} />
      </figcaption>
      <pre tabIndex={0} dir="ltr">
        <code>
          {pieces.length ? pieces.map(([words, type]) => (type ? <span data-type={type}>{words}</span> : words)) : text}
        </code>
      </pre>
    </figure>
  );
}
