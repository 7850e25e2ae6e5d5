/** What a screen may say. Screens know this room and the store, never the network. */
export * from './account';
export * from './avatars';
export * from './commands';
export * from './mine';
