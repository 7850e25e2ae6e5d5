/** The button that picks files, and the place of the tray, which is loaded with the first file. */
import type { FunctionComponent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { retry } from '../../lib/retry';
import { maySendFiles, trayOf } from '../../store/mine/tray';
import { IconButton } from '../../ui/Button';
import { addFiles } from './files';

export function AttachButton({ chatId, onDone }: { chatId: number; onDone: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  if (!maySendFiles(chatId)) return null;
  return (
    <>
      <IconButton icon="attach" label={t().attach} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t().attach}
        onChange={({ currentTarget }) => {
          if (currentTarget.files?.length) addFiles(chatId, [...currentTarget.files]);
          currentTarget.value = '';
          onDone();
        }}
      />
    </>
  );
}

interface Props {
  chatId: number;
  /** Takes the focus when the last file was removed. */
  onEmpty: () => void;
}

export function TrayPlace({ chatId, onEmpty }: Props) {
  const [loaded, setLoaded] = useState<{ Tray: FunctionComponent<Props> } | null>(null);
  const isNeeded = trayOf(chatId).length > 0;
  useEffect(() => {
    let isWanted = isNeeded && !loaded;
    // Without a network the files can be sent all the same: they wait in the browser.
    void retry(() => import('./Tray'), { isWanted: () => isWanted }).then((part) => {
      if (part && isWanted) setLoaded({ Tray: part.Tray });
    });
    return () => {
      isWanted = false;
    };
  }, [isNeeded, loaded]);
  return isNeeded && loaded && <loaded.Tray chatId={chatId} onEmpty={onEmpty} />;
}
