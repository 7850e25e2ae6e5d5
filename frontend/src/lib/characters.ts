/**
 * The visibility of characters: the one table of invisible ones, for texts and names. The server has the same table
 * (kernel/characters.py); backend/tests/vectors/characters.json tests both.
 */

/**
 * Controls, the characters that Unicode calls default ignorable, and letters without a shape; blanks (`\s`) are not
 * included.
 */
const INVISIBLE =
  '\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f' +
  '\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb' +
  '\\u{1bca0}-\\u{1bca3}\\u{1d159}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';
const SHOWN = new RegExp(`[^\\s\\p{M}${INVISIBLE}]`, 'u');
const PILE = new RegExp(`[\\p{M}${INVISIBLE}]{5,}`, 'gu');
const UNSEEN = new RegExp(`[\\p{M}${INVISIBLE}]`, 'gu');
const ONE = new RegExp(`^[${INVISIBLE}]$`, 'u');
const MARK = /\p{M}/u;
const WORD = /[\p{L}\p{N}_]/u;
const CARRIED = /[\p{Mn}\p{Mc}\u200c\u200d]/u;
const MARKS_MAX = 4;

/** Says whether a character is in the table. */
export const isInvisible = (char: string): boolean => ONE.test(char);

/** Says whether no part of a text is visible: only blanks, invisible characters, and marks without a letter. */
export const isBlank = (text: string): boolean => !SHOWN.test(text);

/** Returns the text with at most four marks over one letter. */
export function clipMarks(text: string): string {
  return text.replace(PILE, (pile) => {
    let left = MARKS_MAX;
    return [...pile].filter((one) => !MARK.test(one) || left-- > 0).join('');
  });
}

/** Returns the look of a name, to find similar ones: without case, marks and invisible characters. */
export const lookOf = (name: string): string => name.normalize('NFKD').replace(UNSEEN, '').toLowerCase();

/** Returns the first code units of a text, without half a character at the end. */
export const cut = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/, '');

/** Says whether a character is drawn over, under or around the one before it. */
export const isMark = (char: string): boolean => MARK.test(char);

/** Says whether a character is part of a word: a letter, a digit, `_`, a mark, or a joiner. */
export const isWord = (char: string): boolean => WORD.test(char) || CARRIED.test(char) || isMark(char);

/** Says whether a word ends here; marks and joiners belong to their letter, and emoji are not words. */
export function endsWord(text: string, end: number): boolean {
  let at = end;
  let char = charBefore(text, at);
  while (char && CARRIED.test(char)) {
    at -= char.length;
    char = charBefore(text, at);
  }
  return WORD.test(char);
}

/** Returns the character at a place, which may be two code units; `''` beyond the end. */
export function charAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function charBefore(text: string, at: number): string {
  if (at <= 0) return '';
  const last = text.charCodeAt(at - 1);
  return last >= 0xdc00 && last <= 0xdfff ? charAt(text, at - 2) : text.charAt(at - 1);
}
