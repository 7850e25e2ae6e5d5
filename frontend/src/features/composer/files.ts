/** Files that are picked, pasted, or dropped on the conversation: they come into the tray of the chat. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { uuid } from '../../lib/browser';
import { openEdit } from '../../store/mine/edits';
import { chosenWith, maySendFiles, setTray, trayOf } from '../../store/mine/tray';
import { toast } from '../../ui/Toast';

/** Says whether data has files and no text that could be taken instead: a table copied from an office program has. */
const isFiles = (data: DataTransfer | null): data is DataTransfer =>
  Boolean(data?.types.includes('Files')) && !data?.types.includes('text/plain');

/** Says whether what is dropped or pasted there is meant for the conversation. */
const isHere = (target: EventTarget | null): boolean =>
  !document.querySelector('dialog[open]') && target instanceof Element && target.closest('aside, nav') === null;

/** Returns the files of dropped or pasted data; a folder is among them without bytes, and left out. */
function filesIn({ items }: DataTransfer): File[] {
  const all = [...items].filter((one) => one.kind === 'file' && !one.webkitGetAsEntry()?.isDirectory);
  return all.map((one) => one.getAsFile()).filter((one) => one !== null);
}

/** Adds files to the tray, or says why they cannot be sent. */
export function addFiles(chatId: number, files: readonly File[]): void {
  const refusal = refusalOf(chatId, files);
  if (refusal) {
    toast(refusal);
    return;
  }
  const before = trayOf(chatId);
  const added = files.map((file) => ({ key: uuid(), file }));
  setTray(chatId, [...before, ...chosenWith(before, added)]);
}

function refusalOf(chatId: number, files: readonly File[]): string | undefined {
  if (!maySendFiles(chatId)) return t().filesRefused;
  // The tray belongs to the next message, and is not shown during an edit.
  if (openEdit(chatId)) return t().filesNotInEdit;
  return files.length ? undefined : t().filesNoFolders;
}

/** Takes pasted and dropped files; returns whether files are over the conversation. */
export function useFiles(chatId: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // A dialog that takes pictures has handled its own.
    const onPaste = (event: ClipboardEvent): void => {
      if (event.defaultPrevented || !isFiles(event.clipboardData)) return;
      event.preventDefault();
      if (isHere(event.target)) addFiles(chatId, filesIn(event.clipboardData));
    };
    // The browser would open a dropped file in place of the page.
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (event.defaultPrevented || !isFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (isHere(event.target)) addFiles(chatId, filesIn(event.dataTransfer));
    };
    const onMove = (event: DragEvent): void => {
      if (!isFiles(event.dataTransfer)) return;
      event.preventDefault();
      setOver(isHere(event.target) && maySendFiles(chatId));
    };
    const onLeave = ({ relatedTarget }: DragEvent): void => {
      if (!relatedTarget) setOver(false);
    };
    addEventListener('paste', onPaste);
    addEventListener('dragover', onMove);
    addEventListener('dragleave', onLeave);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('paste', onPaste);
      removeEventListener('dragover', onMove);
      removeEventListener('dragleave', onLeave);
      removeEventListener('drop', onDrop);
    };
  }, [chatId]);
  return isOver;
}
