/** The links into a group that still work. */
import { useEffect, useState } from 'preact/hooks';
import type { InviteView } from '../../api/types';
import { t } from '../../i18n/screens/people';
import { listInvites, revokeInvite } from '../../sync/late/people';
import { Button } from '../../ui/Button';
import { told } from '../../ui/Toast';
import css from './People.module.css';

export function Links({ chatId }: { chatId: number }) {
  const [links, setLinks] = useState<InviteView[]>([]);
  useEffect(() => {
    listInvites(chatId).then(setLinks, () => undefined);
  }, [chatId]);
  if (!links.length) return null;
  const revoke = (code: string): void => {
    revokeInvite(code).then(() => setLinks((now) => now.filter((one) => one.code !== code)), told);
  };
  return (
    <section>
      <h2>{t().inviteLink}</h2>
      <ul class={css.list}>
        {links.map((one) => (
          <li key={one.code} class={css.member}>
            <span class={css.words}>
              …{one.code.slice(-8)}
              <small>{t().usesCount(one.uses)}</small>
            </span>
            <Button onClick={() => revoke(one.code)}>{t().revoke}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
