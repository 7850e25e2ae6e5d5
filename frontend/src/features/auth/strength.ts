/** The strength of a password in words. The server has the last word with its list of known passwords. */
import { t } from '../../i18n/screens/auth';

const FAIR_BITS = 40;
const STRONG_BITS = 70;
/** The length from which a phrase of ordinary words is as good as a shorter mix of characters. */
const PHRASE = 20;

/**
 * Estimates the strength in bits: by the kinds and the number of characters; repeats and sequences add almost nothing.
 */
export function bits(password: string): number {
  const letters = [...password];
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
  const fresh = letters.filter((one, place) => {
    const step = (one.codePointAt(0) ?? 0) - (letters[place - 1]?.codePointAt(0) ?? 0);
    return place === 0 || (Math.abs(step) > 1 && !letters.slice(Math.max(0, place - 3), place).includes(one));
  });
  const variety = Math.min(1, new Set(letters).size / 8);
  return fresh.length * (2.6 + 0.7 * kinds) * variety;
}

/** Returns the text below the field; empty for an empty field. */
export function strengthWords(password: string, least: number): string {
  const missing = least - [...password].length;
  if (!password) return '';
  if (missing > 0) return t().passwordShort(missing);
  const strength = bits(password);
  if (strength < FAIR_BITS) return t().passwordWeak;
  return strength >= STRONG_BITS || [...password].length >= PHRASE ? t().passwordStrong : t().passwordFair;
}
