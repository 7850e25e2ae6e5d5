/** The screens without a session: sign-in, registration, setup, and those to which letters lead. */
import { Auth } from '../../features/auth/Auth';
import { Forgot, Reset, Verify } from '../../features/auth/Letters';
import { phase } from '../../store/session';
import { go, isPlace, route } from '../routes';

export function SignedOut() {
  const at = route.value;
  /** Goes to the chat of an invite, or else to where the address has led from the beginning. */
  const done = (chatId: number | null): void => {
    if (chatId) go(`/chat/${chatId}`, true);
    else if (!isPlace(route.peek())) go('/', true);
  };
  const home = (): void => go('/', true);
  if (at.screen === 'verify') return <Verify key={at.token} token={at.token} onDone={home} />;
  if (at.screen === 'reset')
    return <Reset key={at.token} token={at.token} onDone={home} onForgot={() => go('/forgot', true)} />;
  if (phase.value === 'setup') return <Auth mode="setup" setup={at.screen === 'setup' ? at.code : ''} onDone={done} />;
  if (at.screen === 'invite') return <Auth mode="register" invite={at.code} onDone={done} />;
  if (at.screen === 'forgot') return <Forgot onDone={home} />;
  return <Auth mode="signIn" onDone={done} onForgot={() => go('/forgot')} />;
}
