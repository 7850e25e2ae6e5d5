/** Words of the viewer of photos. */

export const viewer = {
  photoBefore: 'Photo before',
  photoAfter: 'Next photo',
  photoSave: 'Download',
  photoInChat: 'Show in the chat',
};
