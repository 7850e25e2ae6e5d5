/** The only place below the screens where texts are reactive: the current language is a signal. */
export { signal } from '@preact/signals';
