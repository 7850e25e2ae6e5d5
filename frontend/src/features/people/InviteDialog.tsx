/** Invite links to share, made on request; a new one never ends those that were made before. */
import { useState } from 'preact/hooks';
import type { DialogProps } from '../../acts/act';
import type { InviteView } from '../../api/types';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/people';
import { isLoopback } from '../../lib/address';
import { exactTime } from '../../lib/time';
import { me, server } from '../../store/session';
import type { Problem } from '../../sync';
import { createInvite } from '../../sync/late/people';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { CopyField } from '../../ui/CopyField';
import { Dialog } from '../../ui/Dialog';
import { QrCode } from '../../ui/QrCode';
import { Inviters } from './Inviters';
import css from './People.module.css';

const DAY_S = 86_400;

export function InviteDialog({ thing: { chatId }, onClose }: DialogProps<'invite'>) {
  const [made, setMade] = useState<readonly InviteView[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [days, setDays] = useState('7');
  const [isAllowing, setAllowing] = useState(false);
  const [uses, setUses] = useState<'once' | 'any'>('any');
  const make = (): void => {
    const limits = { expires_in: Number(days) * DAY_S, ...(uses === 'once' ? { max_uses: 1 } : {}) };
    setProblem(null);
    setBusy(true);
    createInvite(chatId, limits)
      .then((view) => setMade((before) => [view, ...before]), setProblem)
      .finally(() => setBusy(false));
  };
  if (isAllowing) return <Inviters onClose={() => setAllowing(false)} />;
  const [newest, ...earlier] = made;
  return (
    <Dialog title={t().inviteLink} onClose={onClose}>
      <div class={css.invite} aria-busy={isBusy}>
        <div role="status">{newest && <Newest invite={newest} />}</div>
        {problem && <p role="alert">{problem.message}</p>}
        <Button kind={newest ? 'plain' : 'primary'} icon="link" busy={isBusy} onClick={make}>
          {newest ? t().makeAnother : t().makeLink}
        </Button>
        <details class={css.options}>
          <summary>{t().linkOptions}</summary>
          <Choice
            label={t().validFor}
            value={days}
            options={['1', '7', '30'].map((one) => [one, t().forDays(Number(one))])}
            onChoose={setDays}
          />
          <Choice
            label={t().usesAllowed}
            value={uses}
            options={[
              ['any', t().anyTimes],
              ['once', t().onceOnly],
            ]}
            onChoose={setUses}
          />
        </details>
        {earlier.length > 0 && <p class={css.hint}>{t().earlierLinks}</p>}
        {earlier.map((one) => (
          <CopyField key={one.code} label={t().inviteLink} value={one.url} />
        ))}
        {me.value?.role === 'admin' && server.value?.registration === 'invite' && (
          <Button icon="people" onClick={() => setAllowing(true)}>
            {t().whoMayInvite}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

/** Draws the link that was made last, to copy and to share: for whom it is, and whether it opens on other machines. */
function Newest({ invite: { url, expires_at, admits_strangers, max_uses } }: { invite: InviteView }) {
  const hint = admits_strangers ? t().inviteLinkHint : t().inviteLinkHintHere;
  return (
    <div class={css.newest}>
      <CopyField label={t().inviteLink} value={url} />
      {/* Missing in some browsers, and on plain HTTP. */}
      {'share' in navigator && (
        <Button icon="share" onClick={() => void navigator.share({ url }).catch(() => {})}>
          {t().share}
        </Button>
      )}
      <p class={css.hint}>
        {hint(exactTime(expires_at, lang.value))} {max_uses === 1 && t().linkOnce}
      </p>
      {isLoopback(url) && <p>{t().inviteLinkLocal}</p>}
      <QrCode text={url} label={t().inviteLink} />
    </div>
  );
}
