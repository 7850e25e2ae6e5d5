/** The keys of input methods. */
import { expect, it } from 'vitest';
import { ignoreComposing } from './browser';

it('hands a key of an input method to no handler, and leaves it to the browser', () => {
  const page = new EventTarget();
  const seen: string[] = [];
  ignoreComposing(page);
  page.addEventListener('keydown', ({ type }) => seen.push(type), { capture: true });
  const press = (more: object): Event => {
    const event = Object.assign(new Event('keydown', { cancelable: true }), more);
    page.dispatchEvent(event);
    return event;
  };
  const kept = [
    press({ key: 'Enter', isComposing: true, keyCode: 13 }),
    press({ key: 'Enter', isComposing: false, keyCode: 229 }),
  ];
  expect(seen).toEqual([]);
  expect(kept.map((one) => one.defaultPrevented)).toEqual([false, false]);
  press({ key: 'Enter', isComposing: false, keyCode: 13 });
  expect(seen).toEqual(['keydown']);
});
