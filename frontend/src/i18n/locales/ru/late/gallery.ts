/** Words of the gallery. */
import type { gallery as en } from '../../en/late/gallery';

export const gallery: typeof en = {
  galleryTabs: 'Виды файлов',
  galleryPhotos: 'Фото',
  galleryFiles: 'Файлы',
  galleryLinks: 'Ссылки',
  galleryVoice: 'Голос',
  galleryNone: {
    photos: ['Фотографий пока нет', 'Здесь будут фото и видео из этого чата.'],
    files: ['Файлов пока нет', 'Здесь будут файлы из этого чата.'],
    links: ['Ссылок пока нет', 'Здесь будут ссылки из этого чата.'],
    voice: ['Голосовых сообщений пока нет', 'Здесь будут голосовые сообщения и музыка из этого чата.'],
  },
  galleryOffline: 'Нет сети. Список загрузится, когда она появится.',
  galleryFailed: 'Список не загрузился.',
  galleryInChat: (name) => `Показать в чате: ${name}`,
};
