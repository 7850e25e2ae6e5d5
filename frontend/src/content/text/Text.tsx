/** The text of a message with its entities; no part is ever parsed as HTML. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { destination } from '../../lib/address';
import { clipMarks, cut } from '../../lib/characters';
import type { Entity } from '../../lib/markup';
import { isJumbo, type Node, tree } from '../../lib/words';
import { myId } from '../../store/session';
import { Code } from '../code/Code';
import type { Open } from '../things';
import css from './Text.module.css';

interface Props {
  text: string;
  entities: readonly Entity[];
  /** Opens the profile of a mentioned person; without it mentions are words only. */
  open?: Open;
  /** Drawn at the end of the last line. */
  children?: ComponentChildren;
}

export function Text({ text, entities, open, children }: Props) {
  const size = !entities.length && text.length < 40 && isJumbo(text) ? css.jumbo : '';
  return (
    <div class={`${css.text} ${size}`} dir="auto" lang={tongue(text)}>
      {render(tree(text, entities), open)}
      {children}
    </div>
  );
}

/** Returns the language of a text by its letters, for hyphens and screen readers; `undefined` means the page's own. */
const tongue = (text: string): string | undefined =>
  /[а-яё]/i.test(text) ? 'ru' : /[a-z]/i.test(text) ? 'en' : undefined;

function render(nodes: readonly Node[], open?: Open): ComponentChildren {
  return nodes.map((node, place) =>
    typeof node === 'string' ? (
      unbroken(node, nodes[place - 1], nodes[place + 1])
    ) : (
      <Piece key={place} entity={node.entity} nodes={node.children} open={open} />
    ),
  );
}

/** Removes the line ends around a block, which has lines of its own: they would show as empty lines. */
function unbroken(text: string, before: Node | undefined, after: Node | undefined): string {
  const inner = isBlock(before) && text.startsWith('\n') ? text.slice(1) : text;
  return clipMarks(isBlock(after) && inner.endsWith('\n') ? inner.slice(0, -1) : inner);
}

const isBlock = (node: Node | undefined): boolean =>
  typeof node === 'object' && (node.entity.type === 'quote' || node.entity.type === 'pre');

function Piece({ entity, nodes, open }: { entity: Entity; nodes: readonly Node[]; open: Open | undefined }) {
  const inner = render(nodes, open);
  switch (entity.type) {
    case 'bold':
      return <strong>{inner}</strong>;
    case 'italic':
      return <em>{inner}</em>;
    case 'strike':
      return <s>{inner}</s>;
    case 'code':
      return <code>{inner}</code>;
    case 'pre':
      return <Code lang={entity.lang ?? ''} text={nodes.join('')} />;
    case 'quote':
      return <blockquote>{inner}</blockquote>;
    case 'spoiler':
      // A button until it is shown: it may not contain others.
      return <Spoiler>{render(nodes)}</Spoiler>;
    case 'link':
      return <Link entity={entity} nodes={nodes} />;
    case 'mention':
      return <Mention userId={entity.user_id} words={inner} open={open} />;
    default:
      return <>{inner}</>;
  }
}

/** Draws the name of a mentioned person, which leads to their profile. */
function Mention(props: { userId: number | null | undefined; words: ComponentChildren; open: Open | undefined }) {
  const { userId, words, open } = props;
  return (
    <span class={userId === myId() ? css.me : css.mention}>
      {open && userId ? (
        <button type="button" onClick={() => open({ kind: 'person', userId })}>
          {words}
        </button>
      ) : (
        words
      )}
    </span>
  );
}

/**
 * Draws a link; a bare address longer than a line is cut in the middle, and a link with other words says its target.
 */
function Link({ entity: { open, href }, nodes }: { entity: Entity; nodes: readonly Node[] }) {
  const words = nodes.join('');
  const isLong = !open && words === href && words.length > 64;
  const host = destination(href ?? '', words);
  return (
    <>
      <a href={href ?? ''} target="_blank" rel="noopener noreferrer" title={href ?? ''}>
        {isLong ? <Long words={words} /> : render(nodes)}
      </a>
      {host && (
        <span class={css.host} dir="ltr">
          {host}
        </span>
      )}
    </>
  );
}

/** Draws the ends of a long address; its middle is there for the clipboard and for screen readers, without a size. */
function Long({ words }: { words: string }) {
  const start = cut(words, 42);
  const end = words.slice(-18).replace(/^[\udc00-\udfff]/, '');
  return (
    <>
      <span class={css.start}>{start}</span>
      <span class={css.middle}>{words.slice(start.length, -end.length)}</span>
      {end}
    </>
  );
}

function Spoiler({ children }: { children: ComponentChildren }) {
  const [isShown, setShown] = useState(false);
  // The button disappears when it is pressed: the focus moves to its text.
  if (isShown)
    return (
      <span class={css.shown} tabIndex={-1} ref={(words) => words?.focus({ preventScroll: true })}>
        {children}
      </span>
    );
  return (
    <button type="button" class={css.spoiler} aria-label={t().showSpoiler} onClick={() => setShown(true)}>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
