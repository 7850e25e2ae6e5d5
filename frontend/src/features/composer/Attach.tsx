/** The buttons that pick files, and the place of the tray, which is loaded with the first file. */
import { useRef } from 'preact/hooks';
import { usePart } from '../../content/part';
import { t } from '../../i18n';
import { hasKeyboard } from '../../lib/browser';
import { maySendFiles, trayOf } from '../../store/mine/tray';
import { measures } from '../../sync/files/sending';
import { IconButton } from '../../ui/Button';
import type { IconName } from '../../ui/Icon';
import { addFiles } from './files';

interface ButtonProps {
  chatId: number;
  onDone: () => void;
}

/** Draws the button for files, and on a touch screen that of the camera. */
export function AttachButtons(props: ButtonProps) {
  if (!maySendFiles(props.chatId)) return null;
  return (
    <>
      <Picker icon="attach" label={t().attach} {...props} />
      {!hasKeyboard() && <Picker icon="camera" label={t().photoCamera} isCamera {...props} />}
    </>
  );
}

interface PickerProps extends ButtonProps {
  icon: IconName;
  label: string;
  isCamera?: boolean;
}

function Picker({ chatId, onDone, icon, label, isCamera = false }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon={icon} label={label} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple={!isCamera}
        {...(isCamera && { accept: 'image/*', capture: 'environment' })}
        hidden
        aria-label={label}
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

const load = () => Promise.all([import('./Tray'), measures()]);

export function TrayPlace(props: Props) {
  // Without a network the files can be sent all the same: they wait in the browser.
  const [part] = usePart(trayOf(props.chatId).length > 0, load) ?? [];
  return part ? <part.Tray {...props} /> : null;
}
