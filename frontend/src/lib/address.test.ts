import { describe, expect, it } from 'vitest';
import { destination, isLoopback } from './address';
import { cut } from './characters';

describe('where a link leads', () => {
  it.each([
    ['https://e.test/a', ''],
    ['HTTPS://E.TEST', ''],
    ['https://e.test:8443/', ''],
    ['https://кто.рф/', ''],
    ['https://例え.jp', ''],
    ['https://bücher.example', ''],
    ['https://раypal.com/', 'xn--ypal-43d9g.com'],
    ['https://аррӏе.com', 'xn--80ak6aa92e.com'],
    ['https://αpple.com', 'xn--pple-zld.com'],
    ['https://bank.example@evil.test', 'evil.test'],
    ['https://bank.example:443@evil.test/', 'evil.test'],
    ['https://bank.example@кто.рф', 'кто.рф'],
    ['https://evil.test\\@bank.example/', 'evil.test'],
    ['https://ｅ.test', 'e.test'],
    ['https://%65vil.test', 'evil.test'],
    ['https://e.test:99999', ''],
  ])('says for %s alone %j', (href, host) => expect(destination(href, href)).toBe(host));

  it.each([
    ['https://e.test/a', 'e.test'],
    ['https://кто.рф/', 'кто.рф'],
    ['https://раypal.com/', 'xn--ypal-43d9g.com'],
    ['https://bank.example@evil.test', 'evil.test'],
    ['mailto:a@e.test?subject=x', 'a@e.test'],
  ])('says for words that lead to %s %j', (href, host) => expect(destination(href, 'bank.example')).toBe(host));

  it('says nothing of an address of mail that the words show', () => {
    expect(destination('mailto:a@e.test', 'a@e.test')).toBe('');
  });
});

it('cuts no character in half', () => {
  expect(cut('ab😀', 3)).toBe('ab');
  expect(cut('ab😀', 4)).toBe('ab😀');
  expect(cut('ab', 9)).toBe('ab');
});

it.each([
  ['http://localhost:8000/invite/x', true],
  ['http://127.0.0.1:8000/invite/x', true],
  ['http://[::1]:8000/invite/x', true],
  ['http://192.168.1.7:8000/invite/x', false],
  ['https://localhost.example.org/invite/x', false],
  ['invite/x', false],
])('knows whether only this machine opens %s', (url, isLocal) => {
  expect(isLoopback(url)).toBe(isLocal);
});
