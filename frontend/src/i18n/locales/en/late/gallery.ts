/** Words of the gallery. */
export const gallery = {
  galleryTabs: 'Kinds of files',
  galleryPhotos: 'Photos',
  galleryFiles: 'Files',
  galleryLinks: 'Links',
  galleryVoice: 'Voice',
  galleryNone: {
    photos: ['No photos yet', 'Photos and videos sent in this chat will be here.'],
    files: ['No files yet', 'Files sent in this chat will be here.'],
    links: ['No links yet', 'Links sent in this chat will be here.'],
    voice: ['No voice messages yet', 'Voice messages and music sent in this chat will be here.'],
  },
  galleryOffline: 'No network. The list will load when it returns.',
  galleryFailed: 'The list could not be loaded.',
  galleryInChat: (name: string) => `Show ${name} in the chat`,
};
