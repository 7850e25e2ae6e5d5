/** For administrators: the people whose links admit newcomers without an account. */
import { useState } from 'preact/hooks';
import type { UserRead } from '../../api/types';
import { t } from '../../i18n/screens/people';
import { allowInviting } from '../../sync/late/people';
import { Dialog } from '../../ui/Dialog';
import { toast, told } from '../../ui/Toast';
import css from './People.module.css';
import { PeoplePicker } from './PeoplePicker';

export function Inviters({ onClose }: { onClose: () => void }) {
  const [changed, setChanged] = useState<ReadonlyMap<number, boolean>>(new Map());
  const isAllowed = (user: UserRead): boolean => changed.get(user.id) ?? user.may_invite === true;
  const toggle = (user: UserRead): void => {
    if (user.role === 'admin') {
      toast(t().whoMayInviteHint);
      return;
    }
    allowInviting(user.id, !isAllowed(user)).then(
      (next) => setChanged((now) => new Map(now).set(next.id, next.may_invite === true)),
      told,
    );
  };
  return (
    <Dialog title={t().whoMayInvite} onClose={onClose}>
      <p class={css.hint}>{t().whoMayInviteHint}</p>
      <PeoplePicker without={new Set()} isChosen={isAllowed} onChoose={toggle} />
    </Dialog>
  );
}
