/** An invite link with its QR code; its lifetime and number of uses can be chosen. */
import { useEffect, useState } from 'preact/hooks';
import type { DialogProps } from '../../acts/act';
import type { InviteView } from '../../api/types';
import { lang, t } from '../../i18n';
import { exactTime } from '../../lib/time';
import { me, server } from '../../store/session';
import { createInvite, type Problem, revokeInvite } from '../../sync';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { CopyField } from '../../ui/CopyField';
import { Dialog } from '../../ui/Dialog';
import { QrCode } from '../../ui/QrCode';
import { Inviters } from './Inviters';
import css from './People.module.css';

const DAY_S = 86_400;

export function InviteDialog({ thing: { chatId }, onClose }: DialogProps<'invite'>) {
  const [invite, setInvite] = useState<InviteView | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const [days, setDays] = useState('7');
  const [isAllowing, setAllowing] = useState(false);
  const [uses, setUses] = useState<'once' | 'any'>('any');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks the same once more
  useEffect(() => {
    let isCurrent = true;
    const limits = { expires_in: Number(days) * DAY_S, ...(uses === 'once' ? { max_uses: 1 } : {}) };
    const made = createInvite(chatId, limits);
    made.then(
      (view) => isCurrent && setInvite(view),
      (error: Problem) => isCurrent && setProblem(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [chatId, days, uses, tries]);
  /** Replaces the link, which was not handed out yet, with another one. */
  const change = (apply: () => void): void => {
    if (invite) revokeInvite(invite.code).catch(() => {});
    apply();
  };
  if (isAllowing) return <Inviters onClose={() => setAllowing(false)} />;
  return (
    <Dialog title={t().inviteLink} onClose={onClose}>
      {problem && <p role="alert">{problem.message}</p>}
      {problem?.isPassing && (
        <Button
          onClick={() => {
            setProblem(null);
            setTries(tries + 1);
          }}
        >
          {t().tryAgain}
        </Button>
      )}
      {!problem && (
        <div class={css.invite} aria-busy={!invite}>
          {invite && (
            <>
              <QrCode text={invite.url} label={t().inviteLink} />
              <CopyField label={t().inviteLink} value={invite.url} />
              <p class={css.hint}>
                {(invite.admits_strangers ? t().inviteLinkHint : t().inviteLinkHintHere)(
                  exactTime(invite.expires_at, lang.value),
                )}
              </p>
              <Choice
                label={t().validFor}
                value={days}
                options={['1', '7', '30'].map((one) => [one, t().forDays(Number(one))])}
                onChoose={(next) => change(() => setDays(next))}
              />
              <Choice
                label={t().usesAllowed}
                value={uses}
                options={[
                  ['any', t().anyTimes],
                  ['once', t().onceOnly],
                ]}
                onChoose={(next) => change(() => setUses(next))}
              />
            </>
          )}
          {me.value?.role === 'admin' && server.value?.registration === 'invite' && (
            <Button icon="people" onClick={() => setAllowing(true)}>
              {t().whoMayInvite}
            </Button>
          )}
        </div>
      )}
    </Dialog>
  );
}
