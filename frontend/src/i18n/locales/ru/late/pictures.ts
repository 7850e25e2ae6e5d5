/** Words of pictures of people and groups. */
import type { pictures as en } from '../../en/late/pictures';

export const pictures: typeof en = {
  picture: 'Фото',
  pictureAdd: 'Добавить фото',
  pictureChange: 'Изменить фото',
  pictureRemove: 'Удалить фото',
  pictureHint: 'Изображение можно также перетащить или вставить сюда.',
  pictureNone: 'Этот файл не изображение. Выберите файл JPEG, PNG, WebP или GIF.',
  pictureLarge: (megabytes) => `Файл больше ${megabytes} МБ. Выберите файл поменьше.`,
  pictureBroken: 'Изображение не открывается. Файл повреждён, или его формат не поддерживается. Выберите другое.',
  pictureSoon: 'Фото загружено и скоро появится.',
  cropTitle: 'Кадрирование фото',
  cropArea: 'Видимая часть. Стрелки двигают её, плюс и минус меняют масштаб.',
  cropHint: 'Перетаскивайте фото или нажимайте стрелки, + и −.',
  cropHintFingers: 'Двигайте фото одним пальцем, меняйте масштаб двумя.',
  cropStill: 'Из анимации используется только первый кадр.',
  cropZoom: 'Масштаб',
  cropPlace: (size, x, y) => `Масштаб ${size} %, центр: ${x} % по ширине, ${y} % по высоте`,
};
