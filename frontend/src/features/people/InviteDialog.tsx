/** A link to hand on, with its QR code. */
import { useEffect, useState } from 'preact/hooks';
import type { InviteView } from '../../api/types';
import { lang, t } from '../../i18n';
import { exactTime } from '../../lib/time';
import { createInvite, type Problem } from '../../sync';
import { CopyField } from '../../ui/CopyField';
import { Dialog } from '../../ui/Dialog';
import { QrCode } from '../../ui/QrCode';
import css from './People.module.css';

export function InviteDialog({ chatId, onClose }: { chatId: number | null; onClose: () => void }) {
  const [invite, setInvite] = useState<InviteView | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    createInvite(chatId).then(setInvite, (error: Problem) => setProblem(error.status ? error.message : t().noNetwork));
  }, [chatId]);
  return (
    <Dialog title={t().inviteLink} onClose={onClose}>
      {problem && <p role="alert">{problem}</p>}
      {!problem && (
        <div class={css.invite} aria-busy={!invite}>
          {invite && (
            <>
              <QrCode text={invite.url} label={t().inviteLink} />
              <CopyField label={t().inviteLink} value={invite.url} />
              <p class={css.hint}>{t().inviteLinkHint(exactTime(invite.expires_at, lang.value))}</p>
            </>
          )}
        </div>
      )}
    </Dialog>
  );
}
