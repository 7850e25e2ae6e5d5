/** What plays while another chat is open: the player brings it, once there is one. */
import type { FunctionComponent } from 'preact';
import { signal } from '../../store/signal';
import type { Open } from '../things';

export const elsewhere = signal<FunctionComponent<{ chatId: number | null; open: Open }> | null>(null);
