/** The recording that a person began; `at`: where the finger rests that holds the button. */
import { signal } from '../../../store/signal';
import type { Spot } from '../../../ui/place';

export const begun = signal<{ chatId: number; at: Spot | null } | null>(null);
