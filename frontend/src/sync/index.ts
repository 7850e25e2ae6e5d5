/** The verbs for screens. Screens import this folder and the store, never the network. */
export * from './account';
export * from './commands';
export * from './files/sending';
export * from './mine';
