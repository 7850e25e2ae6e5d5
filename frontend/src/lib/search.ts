/** Finding names as people type them: case, `ё`, transliteration, and the wrong keyboard layout do not matter. */

const CYRILLIC = 'абвгдезийклмнопрстуфхцчшщъыьэюяж';
const LATIN = 'a b v g d e z i y k l m n o p r s t u f h ts ch sh sch  y  e yu ya zh'.split(' ');
const RU_KEYS = 'йцукенгшщзхъфывапролджэячсмитьбюехъжэбюе';
const EN_KEYS = 'qwertyuiop[]asdfghjkl;\'zxcvbnm,.`{}:"<>~';

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().replaceAll('ё', 'е').normalize('NFC');
}

function swap(text: string, from: string, to: string): string {
  return Array.from(text, (one) => to[from.indexOf(one)] ?? one).join('');
}

function latin(text: string): string {
  return Array.from(text, (one) => (CYRILLIC.includes(one) ? (LATIN[CYRILLIC.indexOf(one)] ?? '') : one)).join('');
}

/** Whether a word of `name` begins with what was typed, also in the other alphabet or on the other layout. */
export function matches(name: string, typed: string): boolean {
  const query = fold(typed.trim());
  if (!query) return true;
  const words = ` ${fold(name)}`;
  const variants = new Set([query, swap(query, RU_KEYS, EN_KEYS), swap(query, EN_KEYS, RU_KEYS)]);
  return [...variants].some((one) => words.includes(` ${one}`) || latin(words).includes(` ${latin(one)}`));
}
