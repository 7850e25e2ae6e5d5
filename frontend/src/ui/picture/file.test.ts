import { expect, test } from 'vitest';
import { isMoving } from './file';

test('a moving picture is known by its head', () => {
  expect(isMoving('GIF89a\x01\0\x01\0!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0')).toBe(true);
  expect(isMoving('‰PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08acTL')).toBe(true);
  expect(isMoving('RIFF\n\r\0\0WEBPVP8X\n\0\0\0ANIM\x06')).toBe(true);
});

test('a still one, and words that only look like one, are not', () => {
  expect(isMoving('GIF89a\x01\0\x01\0,')).toBe(false);
  expect(isMoving('‰PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08IDAT')).toBe(false);
  expect(isMoving('RIFF\x24\0\0\0WEBPVP8 ')).toBe(false);
  expect(isMoving('NETSCAPE2.0 acTL ANIM')).toBe(false);
});
