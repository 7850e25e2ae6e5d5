/** Files that are pasted or dropped: they cannot be sent yet, and the page says so instead of ignoring them. */
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n';
import { toast } from '../../ui/Toast';

/** Says whether data has files and no text that could be taken instead: a table copied from an office program has. */
const isFiles = (data: DataTransfer | null): boolean =>
  Boolean(data?.types.includes('Files')) && !data?.types.includes('text/plain');

export function useFiles(): void {
  useEffect(() => {
    // A dialog that takes pictures has handled its own.
    const refuse = (event: Event, data: DataTransfer | null): void => {
      if (event.defaultPrevented || !isFiles(data)) return;
      event.preventDefault();
      toast(t().filesLater);
    };
    const onPaste = (event: ClipboardEvent): void => refuse(event, event.clipboardData);
    // The browser would open a dropped file in place of the page.
    const onDrop = (event: DragEvent): void => refuse(event, event.dataTransfer);
    const onOver = (event: DragEvent): void => {
      if (isFiles(event.dataTransfer)) event.preventDefault();
    };
    addEventListener('paste', onPaste);
    addEventListener('dragover', onOver);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('paste', onPaste);
      removeEventListener('dragover', onOver);
      removeEventListener('drop', onDrop);
    };
  }, []);
}
