/** Words of the viewer, and of films in their places. */

export const viewer = {
  photoBefore: 'Previous',
  photoAfter: 'Next',
  photoSave: 'Download',
  photoInChat: 'Show in the chat',
  viewerFailed: 'More could not be loaded.',
  filmUnplayable: 'This browser cannot play it',
  gifPlay: 'Play the animation',
  gifHalt: 'Halt the animation',
};
