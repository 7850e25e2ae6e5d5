/** The activity of my account in the last year; administrators may see the whole server. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { AuditView } from '../../api/types';
import { Name } from '../../content/names/Name';
import { fullName, titleOf } from '../../content/names/names';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/settings';
import { exactTime } from '../../lib/time';
import { chatSignal } from '../../store/chats';
import { me, myId } from '../../store/session';
import { listAudit } from '../../sync/late/account';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { usePages } from './asking';
import { deviceWords } from './device';
import css from './Settings.module.css';

export function Audit() {
  const [isWhole, setWhole] = useState(false);
  return (
    <section id="audit" aria-label={t().audit}>
      <h2>{t().audit}</h2>
      {me.value?.role === 'admin' && (
        <Choice
          label={t().auditWhose}
          value={isWhole ? 'all' : 'mine'}
          options={[
            ['mine', t().auditMine],
            ['all', t().auditAll],
          ]}
          onChoose={(whose) => setWhole(whose === 'all')}
        />
      )}
      {/* One list for each choice: a late answer belongs to a list that is gone. */}
      <Trail key={String(isWhole)} isWhole={isWhole} />
    </section>
  );
}

function Trail({ isWhole }: { isWhole: boolean }) {
  const ask = useCallback((cursor: string) => listAudit(isWhole, cursor), [isWhole]);
  const { answer: lines, next, problem, isLoading, load } = usePages(ask);
  const fresh = useRef<HTMLLIElement>(null);
  const shown = lines ?? [];
  const from = useRef(0);
  // The pressed button may disappear: the focus moves to the first new line.
  useEffect(() => {
    if (from.current) fresh.current?.focus();
    from.current = shown.length;
  }, [shown.length]);
  return (
    <>
      <ul class={css.list} aria-busy={isLoading}>
        {!lines && !problem && [1, 2, 3].map((one) => <li key={one} class={css.ghost} aria-hidden="true" />)}
        {shown.map((line, place) => (
          <li key={line.id} ref={place === from.current ? fresh : undefined} tabIndex={-1}>
            <span>
              {isWhole && (
                <b>
                  <Name id={line.user.id} isLine />
                </b>
              )}
              {t().auditKinds[line.kind]}
              <small>{detailsOf(line)}</small>
            </span>
          </li>
        ))}
      </ul>
      {lines && !lines.length && <p class={css.muted}>{t().auditEmpty}</p>}
      {problem && <p role="alert">{problem.message}</p>}
      {(problem || next) && (
        <Button busy={isLoading} onClick={load}>
          {problem ? t().tryAgain : t().auditMore}
        </Button>
      )}
    </>
  );
}

/** Returns the details of a line: the role, the chat, the time, the other person if there is one, and the device. */
function detailsOf({ at, by, user, device, address, kind, detail, chat_id }: AuditView): string {
  const roles: Record<string, string> = { owner: t().roleOwner, admin: t().roleAdmin, member: t().roleMember };
  const parts = [
    kind === 'member.role' ? (roles[detail] ?? detail) : '',
    chat_id && chatSignal(chat_id) ? titleOf(chat_id) : '',
    exactTime(at, lang.value),
    by && by.id !== user.id ? (by.id === myId() ? t().you : fullName(by.id)) : '',
    device && deviceWords(device),
    address,
  ];
  return parts.filter(Boolean).join(' · ');
}
