/** The settings in pages: profile, password, sessions, signing out; other pages have files of their own. */
import type { FunctionComponent } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { SessionView } from '../../api/types';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/settings';
import { t as storage } from '../../i18n/screens/storage';
import { isBlank } from '../../lib/characters';
import { ago, exactTime } from '../../lib/time';
import { shownNow } from '../../store/clock';
import { takesFiles } from '../../store/mine/tray';
import { unsent } from '../../store/mine/unsent';
import { me, myId, sendsMail } from '../../store/session';
import { nameOf } from '../../store/users';
import { type Problem, signOut, updateProfile } from '../../sync';
import { removeAvatar, setAvatar } from '../../sync/avatars';
import {
  changePassword,
  endOtherSessions,
  endSession,
  listSessions,
  resendVerification,
} from '../../sync/late/account';
import { Button, IconButton } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Icon, type IconName } from '../../ui/Icon';
import { PictureField } from '../../ui/picture/PictureField';
import { toast, told } from '../../ui/Toast';
import { About } from './About';
import { Appearance } from './Appearance';
import { Audit } from './Audit';
import { deviceWords } from './device';
import { Keys } from './Keys';
import { Notifications } from './Notifications';
import css from './Settings.module.css';
import { Space } from './Space';
import { Storage } from './Storage';

interface Page {
  /** Its part of the address. */
  id: string;
  /** The sections inside that have an address too. */
  parts?: readonly string[];
  icon: IconName;
  label: () => string;
  View: FunctionComponent;
  /** Whether only administrators have it. */
  isForAdmins?: boolean;
}

const Privacy = () => (
  <>
    <Password />
    <Audit />
  </>
);

const first: Page = { id: 'profile', icon: 'person', label: () => t().profile, View: Profile };

const pages: readonly Page[] = [
  first,
  { id: 'appearance', icon: 'palette', label: () => t().appearance, View: Appearance },
  { id: 'notifications', icon: 'bell', label: () => t().level, View: Notifications },
  { id: 'privacy', parts: ['audit'], icon: 'lock', label: () => t().privacy, View: Privacy },
  { id: 'devices', icon: 'devices', label: () => t().sessions, View: Sessions },
  { id: 'storage', icon: 'storage', label: () => t().storage, View: Storage },
  { id: 'space', icon: 'storage', label: () => storage().space, View: Space, isForAdmins: true },
  { id: 'keys', icon: 'keyboard', label: () => t().keys, View: Keys },
  { id: 'about', icon: 'about', label: () => t().about, View: About },
];

interface Props {
  section: string;
  onBack: () => void;
  /** Opens a page, or (with '') the list of pages. */
  onOpen: (page: string) => void;
  onSignedOut: () => void;
}

/** Draws the list of pages and the chosen page: side by side, or one of them on narrow screens. */
export function Settings({ onBack, onOpen, onSignedOut, section }: Props) {
  const mine = pages.filter(({ isForAdmins }) => !isForAdmins || (me.value?.role === 'admin' && takesFiles()));
  const chosen = mine.find(({ id, parts }) => id === section || parts?.includes(section));
  const { id: at, View } = chosen ?? first;
  useEffect(() => {
    const place = section && document.getElementById(section);
    if (place) place.scrollIntoView();
  }, [section]);
  return (
    <main class={css.page} data-at={chosen ? 'page' : 'list'}>
      <div class={css.side}>
        <header>
          <IconButton icon="back" label={t().back} onClick={onBack} />
          <h1>{t().settings}</h1>
        </header>
        <ul aria-label={t().settings}>
          {mine.map(({ id, icon, label }) => (
            <li key={id}>
              <a
                href={`/settings/${id}`}
                aria-current={id === at ? 'page' : undefined}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                  event.preventDefault();
                  onOpen(id);
                }}
              >
                <Icon name={icon} />
                {label()}
              </a>
            </li>
          ))}
        </ul>
        <SignOut onDone={onSignedOut} />
      </div>
      <div class={css.body}>
        <header class={css.toList}>
          <IconButton icon="back" label={t().back} onClick={() => onOpen('')} />
          <h1>{t().settings}</h1>
        </header>
        <div class={css.sections}>
          <View key={at} />
        </div>
      </div>
    </main>
  );
}

function Profile() {
  const [name, setName] = useState(nameOf(myId()));
  return (
    <section>
      <h2>{t().profile}</h2>
      <PictureField
        id={myId()}
        name={nameOf(myId())}
        picture={me.value?.avatar}
        onSave={(file, way) => setAvatar('me', file, way)}
        onRemove={() => removeAvatar('me')}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          updateProfile({ name }).then(() => toast(t().saved), told);
        }}
      >
        <Field label={t().yourName} value={name} onValue={setName} required maxLength={64} autoComplete="name" />
        <p class={css.muted}>
          {me.value?.email}
          {me.value?.email_verified && ` (${t().isVerified})`}
        </p>
        <Button type="submit" disabled={isBlank(name) || name === nameOf(myId())}>
          {t().save}
        </Button>
      </form>
      {me.value?.email_verified === false && sendsMail() && (
        <>
          <p>{t().notVerified}</p>
          <Button onClick={() => resendVerification().then(() => toast(t().letterRequested), told)}>
            {t().requestLetter}
          </Button>
        </>
      )}
    </section>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    setProblem(null);
    changePassword(current, next).then(() => {
      setCurrent('');
      setNext('');
      toast(t().passwordChanged);
    }, setProblem);
  };
  const atCurrent = problem?.code === 'auth.wrong_credentials';
  return (
    <section>
      <h2>{t().changePassword}</h2>
      <form onSubmit={submit}>
        <Field
          label={t().currentPassword}
          type="password"
          value={current}
          onValue={setCurrent}
          autoComplete="current-password"
          error={atCurrent ? problem?.message : undefined}
        />
        <Field
          label={t().newPassword}
          type="password"
          value={next}
          onValue={setNext}
          autoComplete="new-password"
          error={problem && !atCurrent ? problem.message : undefined}
        />
        <Button type="submit" disabled={!current || !next}>
          {t().changePassword}
        </Button>
      </form>
    </section>
  );
}

function Sessions() {
  const [list, setList] = useState<SessionView[]>([]);
  const load = useCallback((): void => void listSessions().then(setList, told), []);
  useEffect(load, [load]);
  const since = ({ last_used_at: at }: SessionView): string => ago(at, lang.value, t().justNow, shownNow());
  return (
    <section>
      <h2>{t().sessions}</h2>
      <ul class={css.list}>
        {list.map((one) => (
          <li key={one.id}>
            <span>
              {deviceWords(one.device)}
              <small title={exactTime(one.last_used_at, lang.value)}>
                {one.current ? t().thisDevice : t().lastUsed(since(one))} · {one.address}
              </small>
            </span>
            {!one.current && <Button onClick={() => endSession(one.id).then(load, told)}>{t().endSession}</Button>}
          </li>
        ))}
      </ul>
      {list.length > 1 && <Button onClick={() => endOtherSessions().then(load, told)}>{t().endOthers}</Button>}
    </section>
  );
}

/** Signs out; the next person begins at the list, not in these settings. */
function SignOut({ onDone }: { onDone: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const waiting = unsent.value;
  const leave = (): void => void signOut().then(onDone, told);
  return (
    <section>
      {isAsking ? (
        <div role="alertdialog" aria-label={t().signOutAsk(waiting)} class={css.ask}>
          <p>{t().signOutAsk(waiting)}</p>
          <Button kind="danger" onClick={leave}>
            {t().signOut}
          </Button>
          <Button onClick={() => setAsking(false)}>{t().cancel}</Button>
        </div>
      ) : (
        <Button icon="signOut" kind="danger" onClick={() => (waiting ? setAsking(true) : leave())}>
          {t().signOut}
        </Button>
      )}
    </section>
  );
}
