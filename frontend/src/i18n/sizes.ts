/** Sizes of files with their unit, in steps of 1024 as file managers show them. */
import { each } from '../lib/time';

const STEP = 1024;

const styleOf = (unit: string): Intl.NumberFormatOptions => ({
  style: 'unit',
  unit,
  unitDisplay: unit === 'byte' ? 'long' : 'short',
  maximumFractionDigits: 1,
});
const writers = [
  each((language) => new Intl.NumberFormat(language, styleOf('byte'))),
  each((language) => new Intl.NumberFormat(language, styleOf('kilobyte'))),
  each((language) => new Intl.NumberFormat(language, styleOf('megabyte'))),
  each((language) => new Intl.NumberFormat(language, styleOf('gigabyte'))),
];

function sized(bytes: number, language: string): string {
  let power = 0;
  // What would be written as 1024 of a unit is written as 1 of the next.
  while (power < writers.length - 1 && Math.round((bytes / STEP ** power) * 10) / 10 >= STEP) power += 1;
  const written = writers[power]?.(language).format(bytes / STEP ** power) ?? '';
  // A number and its unit stay in one line.
  return written.replace(/ /g, '\u00a0');
}

export const sizes = { ru: (bytes: number) => sized(bytes, 'ru'), en: (bytes: number) => sized(bytes, 'en') };
