import { expect, it } from 'vitest';
import { sizes } from './sizes';

const MIB = 1024 ** 2;
const inOneLine = (text: string): string => text.replaceAll(' ', '\u00a0');

it('writes sizes in the unit that fits', () => {
  const all = [0, 1, 1023, 1024, 1536, 100 * MIB, 115.4 * MIB, 5 * 1024 * MIB].map(sizes.en);
  const parted = ['0 bytes', '1 byte', '1,023 bytes', '1 kB', '1.5 kB', '100 MB', '115.4 MB', '5 GB'];
  expect(all).toEqual(parted.map(inOneLine));
  expect(sizes.ru(1.5 * MIB)).toBe(inOneLine('1,5 МБ'));
});

it('never writes 1024 of a unit', () => {
  expect(sizes.en(MIB - 1)).toBe(inOneLine('1 MB'));
  expect(sizes.en(1024 * MIB - 1)).toBe(inOneLine('1 GB'));
});
