/** One dialog about a message: loaded when it is opened, drawn by the conversation. */
import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import type { MessageView } from '../api/types';
import { t } from '../i18n';
import { toast } from '../ui/Toast';

export interface DialogProps {
  message: MessageView;
  onClose: () => void;
}

type View = FunctionComponent<DialogProps>;

const opened = signal<{ View: View; message: MessageView } | null>(null);
const close = (): void => {
  opened.value = null;
};

/** Open a dialog about a message. */
export function showDialog(message: MessageView, load: () => Promise<View>): void {
  load().then(
    (View) => {
      opened.value = { View, message };
    },
    () => toast(t().failed),
  );
}

/** The dialog that is open; left with the conversation. */
export function MessageDialog() {
  useEffect(() => close, []);
  const now = opened.value;
  return now && <now.View message={now.message} onClose={close} />;
}
