/** Words of the box that finds chats and commands. */

export const finder = {
  findPlaceholder: 'Chat, person or command',
  palettePlaceholder: 'What do you want to do?',
  found: 'Found',
};
