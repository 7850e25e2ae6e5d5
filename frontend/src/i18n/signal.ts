/** The one place below the screens where words meet reactivity: the language in use is a signal. */
export { signal } from '@preact/signals';
