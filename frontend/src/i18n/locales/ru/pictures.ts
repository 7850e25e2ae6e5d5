/** Words of pictures of people and groups. */
import type { pictures as en } from '../en/pictures';

export const pictures: typeof en = {
  picture: 'Фото',
  pictureAdd: 'Добавить фото',
  pictureChange: 'Сменить фото',
  pictureRemove: 'Убрать фото',
  pictureHint: 'Можно перетащить или вставить сюда.',
  pictureNone: 'Это не картинка. Выбери JPEG, PNG, WebP или GIF.',
  pictureLarge: (megabytes) => `Файл больше ${megabytes} МБ. Выбери поменьше.`,
  pictureBroken: 'Картинка не открывается: она повреждена, или браузер не знает такого формата.',
  pictureRefused: 'Сервер не смог открыть эту картинку. Всё осталось как было, выбери другую.',
  pictureMaking: 'Готовится…',
  pictureSoon: 'Фото загружено и скоро появится.',
  cropTitle: 'Что будет видно',
  cropArea: 'Видимая часть. Стрелки двигают её, плюс и минус меняют масштаб.',
  cropHint: 'Двигай мышью или стрелками, масштаб меняют + и −.',
  cropHintFingers: 'Двигай одним пальцем, масштаб меняй двумя.',
  cropStill: 'От анимации останется первый кадр.',
  cropZoom: 'Масштаб',
  cropPlace: (size, x, y) => `Масштаб ${size} %, середина: ${x} % по ширине, ${y} % по высоте`,
  uploading: 'Загружается…',
};
