/** Words of the dialog about a message. */
export const details = {
  readBy: 'Read by',
  readByNobody: 'No one has read it yet',
  laterVersions: 'Show later versions',
  altsTitle: 'Descriptions of the files',
  altsChanged: 'The message was changed elsewhere. Look at it and save again.',
  altsHint: 'Read aloud to people who do not see the picture.',
};
