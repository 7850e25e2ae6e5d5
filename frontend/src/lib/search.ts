/**
 * Finds names as people type them: case, marks, the order of words, the alphabet and the keyboard layout do not matter.
 * The server finds by the same words (people/names/finding.py); backend/tests/vectors/people.json tests both.
 */
import { isInvisible } from './characters';

const WORDS_MAX = 8;
const CYRILLIC = 'абвгдезийклмнопрстуфхцчшщъыьэюяж';
const LATIN = 'a b v g d e z i y k l m n o p r s t u f h ts ch sh sch  y  e yu ya zh'.split(' ');
const RU_KEYS = 'йцукенгшщзхъфывапролджэячсмитьбюехъжэбюе';
const EN_KEYS = 'qwertyuiop[]asdfghjkl;\'zxcvbnm,.`{}:"<>~';
const APOSTROPHE = /[`\u00b4\u02b9\u02bb-\u02bd\u2018\u2019\u201b]/g;
const WORD = /[\p{L}\p{N}_]+|\p{S}/gu;

/** Returns the text in the form for comparison: no case, no marks (except in й), ё as е, one apostrophe. */
function fold(text: string): string {
  const plain = text.normalize('NFKD').replace(APOSTROPHE, "'"); // before case: a letter in Fraktur has none
  const lower = plain.toUpperCase().toLowerCase().normalize('NFKD').replaceAll('и\u0306', 'й');
  return Array.from(lower.replace(/\p{M}/gu, ''), (one) => (isInvisible(one) ? '' : one))
    .join('')
    .replaceAll('ς', 'σ');
}

/** Returns runs of letters and digits, and each symbol; a text of signs alone is split at blanks. */
function words(text: string): string[] {
  const folded = fold(text);
  return folded.match(WORD) ?? folded.split(/\s+/).filter(Boolean);
}

function swap(text: string, from: string, to: string): string {
  return Array.from(text, (one) => to[from.indexOf(one)] ?? one).join('');
}

function latin(word: string): string {
  return Array.from(word, (one) => LATIN[CYRILLIC.indexOf(one)] ?? one).join('');
}

/** The keys of recently used names: every pressed key asks for all of them again. */
const kept = new Map<string, string[]>();
const KEPT_MOST = 20_000;

/** Returns the search words of a name: in Latin letters; й is typed as y and as i. */
function keys(name: string): string[] {
  let found = kept.get(name);
  if (!found) {
    if (kept.size >= KEPT_MOST) kept.clear();
    found = words(name).flatMap((word) => [latin(word), latin(word.replaceAll('й', 'и'))]);
    kept.set(name, found);
  }
  return found;
}

/** Returns the possible meanings of a query, as typed and on the other layout, each as words. */
function queries(typed: string): string[][] {
  const lower = typed.normalize('NFC').toLowerCase();
  return [lower, swap(lower, RU_KEYS, EN_KEYS), swap(lower, EN_KEYS, RU_KEYS)]
    .map((one) => words(one).map(latin).filter(Boolean).slice(0, WORDS_MAX))
    .filter((one) => one.length > 0);
}

/**
 * Returns a function that says whether a name matches the query: all its words begin words of the name, in any order.
 */
export function finder(typed: string): (name: string) => boolean {
  if (!typed.trim()) return () => true;
  const meant = queries(typed);
  return (name) => {
    const known = keys(name);
    return meant.some((one) => one.every((word) => known.some((key) => key.startsWith(word))));
  };
}
