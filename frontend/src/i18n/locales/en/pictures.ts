/** Words of pictures of people and groups. */

export const pictures = {
  picture: 'Picture',
  pictureAdd: 'Add a picture',
  pictureChange: 'Change the picture',
  pictureRemove: 'Remove the picture',
  pictureHint: 'Or drop or paste one here.',
  pictureNone: 'This file is not a picture. Choose a JPEG, PNG, WebP or GIF.',
  pictureLarge: (megabytes: number) => `This file is larger than ${megabytes} MB. Choose a smaller one.`,
  pictureBroken: 'This picture does not open: it is damaged, or of a kind that the browser does not know.',
  pictureRefused: 'The server could not use this picture. Nothing was changed; choose another one.',
  pictureMaking: 'Being prepared…',
  pictureSoon: 'The picture is there and will be shown soon.',
  cropTitle: 'Choose what is seen',
  cropArea: 'The part that is seen. Arrows move it, plus and minus change the size.',
  cropHint: 'Drag it, or use the arrows, + and −.',
  cropHintFingers: 'Drag it; two fingers change the size.',
  cropStill: 'Of a moving picture the first frame is taken.',
  cropZoom: 'Size',
  cropPlace: (size: number, x: number, y: number) => `Size ${size} %, middle at ${x} % across and ${y} % down`,
  uploading: 'Uploading…',
};
