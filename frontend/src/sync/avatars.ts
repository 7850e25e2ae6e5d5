/** Pictures of people and groups: sent, then awaited until they are shown or refused. */
import { request } from '../api/http';
import { Problem } from '../api/problem';
import { upload, type Way } from '../api/upload';
import { t } from '../i18n';
import { chat } from '../store/chats';
import { me } from '../store/session';
import { effect } from '../store/signal';
import { refusedPictures } from '../store/users';

/** The owner of a picture: the person, or a chat. */
type Whose = 'me' | number;

/** The wait for a picture; it may still come later. */
const WAIT_MS = 15_000;

const pathOf = (whose: Whose) => (whose === 'me' ? '/users/me/avatar' : (`/chats/${whose}/avatar` as const));
const shown = (whose: Whose): string | null => (whose === 'me' ? me.value : chat(whose))?.avatar ?? null;

/** Sends a picture; returns whether it is shown already. Throws `Problem`, also if the server cannot use it. */
export async function setAvatar(whose: Whose, picture: Blob, way: Way): Promise<boolean> {
  const { avatar } = await upload(pathOf(whose), picture, way);
  const fate = await fateOf(whose, avatar);
  if (fate === 'refused') throw new Problem({ status: 422, code: 'image.broken', detail: t().pictureRefused });
  return fate === 'shown';
}

export const removeAvatar = (whose: Whose): Promise<void> => request('DELETE', pathOf(whose));

async function fateOf(whose: Whose, avatar: string): Promise<'shown' | 'refused' | 'late'> {
  let stop = (): void => undefined;
  const fate = await new Promise<'shown' | 'refused' | 'late'>((resolve) => {
    const timer = setTimeout(() => resolve('late'), WAIT_MS);
    const unwatch = effect(() => {
      if (refusedPictures.value.has(avatar)) resolve('refused');
      else if (shown(whose) === avatar) resolve('shown');
    });
    stop = () => {
      clearTimeout(timer);
      unwatch();
    };
  });
  stop();
  return fate;
}
