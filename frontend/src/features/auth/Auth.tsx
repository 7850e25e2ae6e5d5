/** First run, sign-in, register: one card, one column. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { InvitePreview } from '../../api/types';
import { serverName } from '../../content/names/names';
import { chooseLang, lang } from '../../i18n';
import { t } from '../../i18n/screens/auth';
import { clipMarks } from '../../lib/characters';
import { chatIds } from '../../store/mine/list';
import { server, waitingWords } from '../../store/session';
import { acceptInvite, type Problem, register, signIn } from '../../sync';
import { previewInvite } from '../../sync/late/account';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import css from './Auth.module.css';
import { strengthWords } from './strength';

type Mode = 'setup' | 'register' | 'signIn';

interface Props {
  mode: Mode;
  invite?: string;
  setup?: string;
  onDone: (chatId: number | null) => void;
  /** Opens the page for a forgotten password. */
  onForgot?: () => void;
}

const empty = { server: '', name: '', email: '', password: '' };

export function Auth({ mode: first, invite = '', setup = '', onDone, onForgot }: Props) {
  const [wanted, setMode] = useState(first);
  const preview = usePreview(invite);
  const mode = preview?.admits_strangers === false ? 'signIn' : wanted;
  const name = serverName() ?? t().appName;
  const canRegister = invite ? preview?.admits_strangers !== false : server.value?.registration === 'open';
  const title = { setup: t().setupTitle, register: t().registerTitle, signIn: t().signInTitle }[mode];
  if (invite && preview === null) {
    return (
      <Card title={t().inviteGone}>
        <Button kind="primary" onClick={() => onDone(null)}>
          {t().toSignIn}
        </Button>
      </Card>
    );
  }
  return (
    <Card title={title} over={mode === 'setup' ? '' : name} hint={hintOf(mode, preview)}>
      <Form key={mode} mode={mode} invite={invite} setup={setup} onDone={onDone} />
      {mode === 'signIn' && onForgot && <Button onClick={onForgot}>{t().forgotPassword}</Button>}
      {mode !== 'setup' && (canRegister || mode === 'register') && (
        <Button onClick={() => setMode(mode === 'signIn' ? 'register' : 'signIn')}>
          {mode === 'signIn' ? t().noAccount : t().haveAccount}
        </Button>
      )}
    </Card>
  );
}

function hintOf(mode: Mode, preview: InvitePreview | null | undefined): string {
  if (mode === 'setup') return t().setupHint;
  if (!preview) return waitingWords.value === 'none' ? '' : t().wordsWait;
  const inviter = clipMarks(preview.inviter_name);
  const group = clipMarks(preview.chat_name ?? '');
  const words = group ? t().invitedTo(inviter, group) : t().invitedBy(inviter);
  return preview.admits_strangers ? words : `${words}. ${t().inviteOnlyHere}`;
}

/** Returns the invite: `undefined` while it loads or without a code, `null` if it does not work. */
function usePreview(code: string): InvitePreview | null | undefined {
  const [preview, setPreview] = useState<InvitePreview | null>();
  useEffect(() => {
    if (code) previewInvite(code).then(setPreview, (error: Problem) => error.status === 404 && setPreview(null));
  }, [code]);
  return preview;
}

function Form({ mode, invite, setup, onDone }: Required<Omit<Props, 'onForgot'>>) {
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(empty);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isNew = mode !== 'signIn';
  const set = (field: keyof typeof empty) => (value: string) => {
    setValues({ ...values, [field]: value });
    // An error about the previous input does not apply to this one.
    setProblem(null);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      if (isNew) await register(registration(values, invite, setup));
      else await signIn(values.email, values.password);
      // A newcomer sees the chat of the invite, the only one; without an invite the empty list.
      onDone(isNew ? (chatIds.value[0] ?? null) : invite ? await acceptInvite(invite) : null);
    } catch (error) {
      setProblem(error as Problem);
      setBusy(false);
    }
  };
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [problem]);
  const least = server.value?.limits.password_min_chars ?? 10;
  return (
    <form ref={form} onSubmit={submit}>
      {mode === 'setup' && (
        <Field
          label={t().serverName}
          name="organization"
          hint={t().serverNameHint}
          value={values.server}
          onValue={set('server')}
          maxLength={64}
          autoFocus
        />
      )}
      {isNew && (
        <Field
          label={t().yourName}
          name="name"
          value={values.name}
          onValue={set('name')}
          required
          maxLength={64}
          autoComplete="name"
          autoFocus={mode === 'register'}
          error={about(problem, 'name')}
        />
      )}
      <Field
        label={t().email}
        name="email"
        type="email"
        value={values.email}
        onValue={set('email')}
        required
        autoComplete="username"
        autoCapitalize="none"
        autoFocus={mode === 'signIn'}
        error={about(problem, 'email') ?? (problem?.code === 'email.taken' ? problem.message : undefined)}
      />
      <Field
        label={t().password}
        name="password"
        type="password"
        value={values.password}
        onValue={set('password')}
        required
        autoComplete={isNew ? 'new-password' : 'current-password'}
        {...(isNew ? { hint: strengthWords(values.password, least) || t().passwordHint(least) } : {})}
        error={about(problem, 'password') ?? (problem?.code === 'password.weak' ? problem.message : undefined)}
      />
      {problem && !isAtField(problem) && (
        <p role="alert" class={css.problem}>
          {problem.message}
        </p>
      )}
      <Button kind="primary" type="submit" busy={isBusy}>
        {{ setup: t().createServer, register: t().register, signIn: t().signIn }[mode]}
      </Button>
    </form>
  );
}

function registration(values: typeof empty, invite: string, setup: string) {
  const { name, email, password } = values;
  return {
    name,
    email,
    password,
    ...(invite ? { invite } : {}),
    ...(setup ? { setup } : {}),
    ...(values.server.trim() ? { server_name: values.server } : {}),
  };
}

const about = (problem: Problem | null, field: string): string | undefined =>
  problem?.errors.some((one) => one.loc.includes(field)) ? problem.message : undefined;

const isAtField = ({ code, errors }: Problem): boolean =>
  code === 'email.taken' || code === 'password.weak' || errors.length > 0;

interface CardProps {
  title: string;
  /** The name of the server: by itself, as it fits no sentence of every language. */
  over?: string;
  hint?: string;
  /** The card replaced another one and reports its result: the heading gets the focus. */
  isNews?: boolean;
  children: ComponentChildren;
}

export function Card({ title, over = '', hint, isNews = false, children }: CardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another title is another result
  useEffect(() => {
    if (isNews) heading.current?.focus();
  }, [isNews, title]);
  const other = lang.value === 'ru' ? 'en' : 'ru';
  return (
    <main class={css.page}>
      <div class={css.card}>
        <img src="/icon.svg" alt="" width="48" height="48" />
        {over && <p class={css.over}>{over}</p>}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {hint && <p class={css.hint}>{hint}</p>}
        {children}
      </div>
      <button
        type="button"
        class={css.lang}
        lang={other}
        onClick={() => chooseLang(other).catch(() => toast(t().loadFailed))}
      >
        {other === 'ru' ? 'Русский' : 'English'}
      </button>
    </main>
  );
}
