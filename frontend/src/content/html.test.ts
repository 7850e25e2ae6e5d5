/** Messages as HTML for the clipboard. */
import { expect, it } from 'vitest';
import type { MessageView } from '../api/types';
import { parse } from '../lib/markup';
import { htmlOf } from './html';
import { written } from './written';

const long = `https://example.org/${'a'.repeat(100)}?b=1&c="2"`;

it.each([
  ['**bold** and _slanted_', '<strong>bold</strong> and <em>slanted</em>'],
  ['~~gone~~ `x < y`', '<s>gone</s> <code>x &#60; y</code>'],
  ['one\ntwo', 'one<br>two'],
  ['> said\nyes', '<blockquote>said</blockquote><br>yes'],
  ['```js\na < b\nc\n```', '<pre><code>a &#60; b\nc</code></pre>'],
  ['[map](https://example.org/?a&b)', '<a href="https://example.org/?a&#38;b">map</a>'],
  ['<b onclick="x">', '&#60;b onclick=&#34;x&#34;&#62;'],
])('writes %s', (text, html) => {
  expect(htmlOf(text, parse(text))).toBe(html);
});

it('writes the whole of a long address, as text and as HTML, for one message and for several', () => {
  const address = long.slice(0, long.indexOf('"'));
  const message = { text: address, entities: parse(address), sender_id: 1, sent_at: '2026-11-27T10:00:00Z' };
  for (const many of [1, 2]) {
    const { text, html } = written(Array<MessageView>(many).fill(message as MessageView));
    expect(text).toContain(address);
    expect(html).toContain(`<a href="${address.replace('&', '&#38;')}">${address.replace('&', '&#38;')}</a>`);
  }
});
