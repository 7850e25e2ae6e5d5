/** Web addresses in a text: where one begins and where it ends. */

/** The beginning of an address, as a pattern: its host does not begin with an ASCII sign, except `%`, `[` and `_`. */
export const WEB = '[hH][tT][tT][pP][sS]?://(?![!-$&-/:-@\\\\\\]^`\\{-~])';
export const MAIL = '[mM][aA][iI][lL][tT][oO]:(?=[^\\s()<>])';
// An address ends at blanks, invisible characters, quotes, signs of East Asian sentences, and dashes, except in
// `Foo_—_bar`.
const NO_URL =
  '\\s<>"«»\\u00ad\\u061c\\u180e\\u2000-\\u200b\\u200e\\u200f\\u2014\\u2016-\\u2018\\u201a-\\u206f\\u2800\\u3164\\ufeff\\uffa0' +
  '\\u3001-\\u3003\\u3008-\\u3020\\u3030\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff3e\\uff40\\uff5b-\\uff65';
/** A character of an address, as a pattern. */
export const URL_CHAR = `(?:[^${NO_URL}]|(?<=_)—)`;
const BRACKET = /[()<>\s]/g;
const TRAILING = ".,;:!?'*~|\u2019\u2010\u2011\u2012\u2013\u2014\u2015\u200c\u200d";

/** Returns the pairs of round brackets by place; blanks and angle brackets separate them. */
export function pairsIn(line: string, start: number): Map<number, number> {
  const pairs = new Map<number, number>();
  let opened: number[] = [];
  BRACKET.lastIndex = start;
  for (let one = BRACKET.exec(line); one; one = BRACKET.exec(line)) {
    if (one[0] === '(') opened.push(one.index);
    else if (one[0] !== ')') opened = [];
    else if (opened.length) pairs.set(opened.pop() as number, one.index);
  }
  return pairs;
}

/**
 * Returns the end of an address: without trailing punctuation, with brackets in pairs, without the `_` that ends an
 * italic.
 */
export function urlEnd(url: string, isItalic: boolean): number {
  const count = (sign: string) => url.split(sign).length;
  const unpaired = new Map(['()', '[]', '{}'].map(([a = '', b = '']) => [b, count(b) - count(a)]));
  let canEndItalic = isItalic;
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    const more = unpaired.get(last) ?? 0;
    if (more > 0) unpaired.set(last, more - 1);
    else if (last === '_' && canEndItalic) canEndItalic = false;
    else if (!TRAILING.includes(last)) break;
  }
  return end;
}

const SCRIPTS = [
  // Chinese, Japanese and Korean text often contains Latin letters.
  '\\p{sc=Latin}\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Bopomofo}ー',
  ...['Cyrillic', 'Greek', 'Armenian', 'Georgian', 'Hebrew', 'Arabic', 'Devanagari', 'Bengali', 'Tamil', 'Thai'].map(
    (script) => `\\p{sc=${script}}`,
  ),
];
const ONE_SCRIPT = new RegExp(`^(?:${SCRIPTS.map((letters) => `[${letters}\\p{M}\\d.:-]+`).join('|')})$`, 'u');
const AUTHORITY = /^https?:\/\/([^/?#]*)/i;

/**
 * Returns the target of a link for a reader: the host as written, in Punycode if it mixes scripts, or the e-mail
 * address; `''` if the link's own text shows it.
 */
export function destination(href: string, shown: string): string {
  if (!URL.canParse(href)) return '';
  const url = new URL(href);
  if (url.protocol === 'mailto:') return shown.includes(url.pathname) ? '' : url.pathname;
  const authority = (AUTHORITY.exec(href)?.[1] ?? '').toLowerCase();
  const written = authority.slice(authority.lastIndexOf('@') + 1);
  const isHonest = url.host.includes('xn--') && ONE_SCRIPT.test(written) && hostOf(written) === url.host;
  const host = isHonest ? written : url.host;
  return shown === href && authority === host ? '' : host;
}

/** Says whether only this machine can open an address. */
export const isLoopback = (url: string): boolean =>
  URL.canParse(url) && /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);

const hostOf = (written: string): string =>
  URL.canParse(`https://${written}`) ? new URL(`https://${written}`).host : '';
