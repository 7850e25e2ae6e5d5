/** Words that another program shares with the installed page. */

/** Returns the shared words of an address: title, text and link, each once. */
export function sharedWords(given: URLSearchParams): string {
  const parts = ['title', 'text', 'url'].map((name) => given.get(name)?.trim() ?? '');
  return parts.filter((part, place) => part && parts.indexOf(part) === place).join('\n');
}
