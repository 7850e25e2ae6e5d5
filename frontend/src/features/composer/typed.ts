/** What is needed only while words are typed, in one file: it is loaded when the field gets the focus. */
export { Completion } from './Completion';
export { linked, toggle } from './format';
