/** Opens the dialogs of reactions, which are loaded on first use. */
import type { MessageView } from '../../api/types';
import { showDialog } from '../dialog';

export const showPicker = (message: MessageView): void =>
  showDialog(message, () => import('./Picker').then(({ Picker }) => Picker));

export const showWho = (message: MessageView): void =>
  showDialog(message, () => import('./Who').then(({ Who }) => Who));
