/** Pages around e-mails: a forgotten password, a new one, a verified address. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n/screens/auth';
import { sendsMail, server } from '../../store/session';
import type { Problem } from '../../sync';
import { forgotPassword, resetPassword, verifyEmail } from '../../sync/late/account';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Card } from './Auth';
import css from './Auth.module.css';
import { strengthWords } from './strength';

/** Tracks one request to the server: pending, done, or failed with a problem. */
function useAsking(ask: () => Promise<void>) {
  const [isDone, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    ask()
      .then(() => setDone(true), setProblem)
      .finally(() => setBusy(false));
  };
  // An error about the previous input does not apply to this one.
  const forget = (): void => setProblem(null);
  return { isDone, problem, isBusy, submit, forget };
}

export function Forgot({ onDone }: { onDone: () => void }) {
  const [email, setEmail] = useState('');
  const { isDone, problem, isBusy, submit, forget } = useAsking(() => forgotPassword(email));
  if (isDone)
    return (
      <Card
        title={sendsMail() ? t().checkMail : t().askAdmin}
        hint={sendsMail() ? t().checkMailHint(email) : t().askAdminHint}
        isNews
      >
        <Button onClick={onDone}>{t().toSignIn}</Button>
      </Card>
    );
  return (
    <Card title={t().forgotTitle} hint={sendsMail() ? t().forgotHint : t().forgotHintKept}>
      <form onSubmit={submit}>
        <Field
          label={t().email}
          name="email"
          type="email"
          value={email}
          onValue={(value) => {
            setEmail(value);
            forget();
          }}
          required
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          error={problem?.message}
        />
        <Button kind="primary" type="submit" busy={isBusy}>
          {t().requestLink}
        </Button>
      </form>
      <Button onClick={onDone}>{t().toSignIn}</Button>
    </Card>
  );
}

interface ResetProps {
  token: string;
  onDone: () => void;
  onForgot: () => void;
}

export function Reset({ token, onDone, onForgot }: ResetProps) {
  const [password, setPassword] = useState('');
  const { isDone, problem, isBusy, submit, forget } = useAsking(() => resetPassword(token, password));
  const least = server.value?.limits.password_min_chars ?? 10;
  if (isDone)
    return (
      <Card title={t().passwordReset} hint={t().passwordResetHint} isNews>
        <Button kind="primary" onClick={onDone}>
          {t().toSignIn}
        </Button>
      </Card>
    );
  if (!token || problem?.code === 'link.not_found')
    return (
      <Card title={t().linkGone} hint={t().linkGoneHint} isNews>
        <Button kind="primary" onClick={onForgot}>
          {t().askAgain}
        </Button>
      </Card>
    );
  return (
    <Card title={t().forgotTitle} hint={t().resetHint}>
      <form onSubmit={submit}>
        <Field
          label={t().newPassword}
          name="password"
          type="password"
          value={password}
          onValue={(value) => {
            setPassword(value);
            forget();
          }}
          required
          autoComplete="new-password"
          autoFocus
          hint={strengthWords(password, least) || t().passwordHint(least)}
          error={problem?.message}
        />
        <Button kind="primary" type="submit" busy={isBusy}>
          {t().setPassword}
        </Button>
      </form>
    </Card>
  );
}

/** Verifies the address as soon as the link is opened. */
export function Verify({ token, onDone }: { token: string; onDone: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isDone, setIsDone] = useState(false);
  const verify = useCallback((): void => {
    setProblem(null);
    verifyEmail(token).then(() => setIsDone(true), setProblem);
  }, [token]);
  useEffect(verify, [verify]);
  const goOn = (
    <Button kind="primary" onClick={onDone}>
      {t().goOn}
    </Button>
  );
  if (isDone)
    return (
      <Card title={t().verified} hint={t().verifiedHint} isNews>
        {goOn}
      </Card>
    );
  if (problem?.status === 404 || problem?.status === 422)
    return (
      <Card title={t().linkGone} hint={t().verifyGoneHint} isNews>
        {goOn}
      </Card>
    );
  return (
    <Card title={problem ? t().linkUnchecked : t().verifying}>
      {problem && (
        <>
          <p role="alert" class={css.problem}>
            {problem.message}
          </p>
          <Button kind="primary" onClick={verify}>
            {t().tryAgain}
          </Button>
        </>
      )}
    </Card>
  );
}
