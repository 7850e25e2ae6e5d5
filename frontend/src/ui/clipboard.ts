/** Texts for the clipboard, plain and as HTML. */

export interface Copied {
  text: string;
  /** The same for programs that take formatted text. */
  html?: string;
}

/** Puts a text into the clipboard, also on plain HTTP, where `navigator.clipboard` is missing. Throws if it cannot. */
export async function toClipboard(copied: Copied): Promise<void> {
  const { text, html } = copied;
  const { clipboard } = navigator;
  if (!clipboard) byCommand(copied);
  else if (html === undefined || !('ClipboardItem' in globalThis)) await clipboard.writeText(text);
  else {
    const typed = Object.entries({ 'text/plain': text, 'text/html': html });
    const forms = typed.map(([type, words]) => [type, new Blob([words], { type })]);
    await clipboard.write([new ClipboardItem(Object.fromEntries(forms))]);
  }
}

/** Answers an event `copy` of the page. */
export function answerCopy(event: ClipboardEvent, { text, html }: Copied): void {
  event.preventDefault();
  event.clipboardData?.setData('text/plain', text);
  if (html !== undefined) event.clipboardData?.setData('text/html', html);
}

function byCommand(copied: Copied): void {
  const answer = (event: ClipboardEvent): void => {
    event.stopImmediatePropagation();
    answerCopy(event, copied);
  };
  document.addEventListener('copy', answer, { capture: true });
  const isDone = document.execCommand('copy');
  document.removeEventListener('copy', answer, { capture: true });
  if (!isDone) throw new Error('The browser refused to copy.');
}
