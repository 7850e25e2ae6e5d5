/** Markers around selected text, by key: the composer and the page of keys read this list. */
import { t } from '../i18n';
import type { Chord } from './act';

interface Mark {
  mark: string;
  chord: Chord;
  label: () => string;
}

export const marks: readonly Mark[] = [
  { mark: '**', chord: { code: 'KeyB', command: true }, label: () => t().bold },
  { mark: '_', chord: { code: 'KeyI', command: true }, label: () => t().italic },
  { mark: '`', chord: { code: 'KeyE', command: true }, label: () => t().code },
  { mark: '~~', chord: { code: 'KeyX', command: true, shift: true }, label: () => t().strike },
];
