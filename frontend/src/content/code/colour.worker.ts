/** Colours code away from the page: a slow pattern does not block typing. */
import * as languages from '@speed-highlight/core/languages';
import { type ShjLanguageData, tokenizeWith } from '@speed-highlight/core/tokenize';
import type { Ask, Piece } from './pieces';

const OTHER_NAMES: Record<string, keyof typeof languages> = {
  cpp: 'c',
  'c++': 'c',
  dockerfile: 'docker',
  golang: 'go',
  javascript: 'js',
  jsx: 'js',
  makefile: 'make',
  markdown: 'md',
  patch: 'diff',
  python: 'py',
  rust: 'rs',
  sh: 'bash',
  shell: 'bash',
  svg: 'xml',
  tsx: 'ts',
  typescript: 'ts',
  yml: 'yaml',
};

addEventListener('message', ({ data: { id, text, lang } }: MessageEvent<Ask>) => {
  const pieces: Piece[] = [];
  const known: Record<string, ShjLanguageData> = languages;
  const name = OTHER_NAMES[lang] ?? lang;
  if (Object.hasOwn(known, name)) {
    tokenizeWith(text, name, (words, type) => pieces.push([words, type ?? '']), { languages: known });
  }
  postMessage({ id, pieces });
});
