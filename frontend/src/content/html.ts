/** The text of a message as HTML for the clipboard; the page itself never parses it. */
import type { Entity, EntityType } from '../lib/markup';
import { type Node, tree } from '../lib/words';

const TAGS: Readonly<Partial<Record<EntityType, string>>> = {
  bold: 'strong',
  italic: 'em',
  strike: 's',
  code: 'code',
  quote: 'blockquote',
};

/** Returns a text with the signs of HTML written by their numbers. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Returns a text with its entities as elements; addresses are whole. */
export const htmlOf = (text: string, entities: readonly Entity[]): string => tree(text, entities).map(drawn).join('');

function drawn(node: Node): string {
  if (typeof node === 'string') return escaped(node).replaceAll('\n', '<br>');
  const { entity, children } = node;
  if (entity.type === 'pre') return `<pre><code>${children.map((one) => escaped(String(one))).join('')}</code></pre>`;
  const inner = children.map(drawn).join('');
  if (entity.type === 'link') return `<a href="${escaped(entity.href ?? '')}">${inner}</a>`;
  const tag = TAGS[entity.type];
  return tag ? `<${tag}>${inner}</${tag}>` : inner;
}
