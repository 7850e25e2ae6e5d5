/** Acts on reactions to a message. */
import { t } from '../i18n';
import { mayReact, reactionsOf } from '../store/reactions';
import type { Act } from './act';

export const reactionActs: readonly Act[] = [
  {
    id: 'react',
    on: 'messages',
    label: () => t().react,
    icon: 'emoji',
    chord: { key: '+' },
    when: ({ messages: [message, ...more] }) => message !== undefined && !more.length && mayReact(message),
    run: ({ messages: [message], open }) => message && open({ kind: 'react', message }),
  },
  {
    id: 'who-reacted',
    on: 'messages',
    label: () => t().whoReacted,
    icon: 'people',
    chord: { code: 'KeyR', shift: true },
    when: ({ messages: [message, ...more] }) =>
      message !== undefined && !more.length && reactionsOf(message).counts.length > 0,
    run: ({ messages: [message], open }) => message && open({ kind: 'whoReacted', message }),
  },
];
