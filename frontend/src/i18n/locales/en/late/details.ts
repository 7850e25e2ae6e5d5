/** Words of the dialog about a message. */
export const details = {
  readBy: 'Read by',
  readByNobody: 'No one has read it yet',
  laterVersions: 'Show later versions',
};
