import { expect, it } from 'vitest';
import { sharedWords } from './shared';

it.each([
  ['title=News&text=read+this&url=https%3A%2F%2Fexample.org', 'News\nread this\nhttps://example.org'],
  ['text=https%3A%2F%2Fexample.org&url=https%3A%2F%2Fexample.org', 'https://example.org'],
  ['title=++&text=only+this', 'only this'],
  ['open=new-chat', ''],
])('the shared words of %s', (search, words) => expect(sharedWords(new URLSearchParams(search))).toBe(words));
