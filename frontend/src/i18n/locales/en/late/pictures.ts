/** Words of pictures of people and groups. */

export const pictures = {
  picture: 'Picture',
  pictureAdd: 'Add picture',
  pictureChange: 'Change picture',
  pictureRemove: 'Remove picture',
  pictureHint: 'You can also drop or paste a picture here.',
  pictureNone: 'This file is not a picture. Choose a JPEG, PNG, WebP or GIF file.',
  pictureLarge: (megabytes: number) => `This file is larger than ${megabytes} MB. Choose a smaller one.`,
  pictureBroken:
    'This picture cannot be opened. The file is damaged or its format is not supported. Choose another one.',
  pictureSoon: 'The picture is uploaded and will appear soon.',
  cropTitle: 'Crop the picture',
  cropArea: 'Visible part. Use the arrow keys to move it, plus and minus to zoom.',
  cropHint: 'Drag the picture, or use the arrow keys, + and −.',
  cropHintFingers: 'Drag to move, pinch to zoom.',
  cropStill: 'Only the first frame of an animation is used.',
  cropZoom: 'Zoom',
  cropPlace: (size: number, x: number, y: number) => `Zoom ${size}%, centre at ${x}% across and ${y}% down`,
};
