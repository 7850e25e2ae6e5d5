/** What albums need once they are looked at, in one file: the viewer, and what moves in its place. */
export { Moving } from './moving/Moving';
export { Viewer } from './viewer/Viewer';
