/** What happened to my account in the last year; administrators may look at the whole server. */
import { useEffect, useState } from 'preact/hooks';
import type { AuditView } from '../../api/types';
import { lang, t } from '../../i18n';
import { exactTime } from '../../lib/time';
import { me, myId } from '../../store/session';
import { listAudit } from '../../sync';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { told } from '../../ui/Toast';
import { deviceWords } from './device';
import css from './Settings.module.css';

export function Audit() {
  const [isWhole, setWhole] = useState(false);
  const [lines, setLines] = useState<readonly AuditView[]>([]);
  const [next, setNext] = useState('');
  const load = (former: readonly AuditView[], cursor: string): void =>
    void listAudit(isWhole, cursor).then((page) => {
      setLines([...former, ...page.items]);
      setNext(page.next);
    }, told);
  useEffect(() => load([], ''), [isWhole]);
  return (
    <section id="audit">
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
      <ul class={css.list}>
        {lines.map((line) => (
          <li key={line.id}>
            <span>
              {isWhole && `${line.user.name}: `}
              {t().auditKinds[line.kind]}
              <small>{detailsOf(line)}</small>
            </span>
          </li>
        ))}
      </ul>
      {next && <Button onClick={() => load(lines, next)}>{t().auditMore}</Button>}
    </section>
  );
}

/** When, where, and who did it where that was somebody else. */
function detailsOf({ at, by, user, device, address, kind, detail }: AuditView): string {
  const roles: Record<string, string> = { owner: t().roleOwner, admin: t().roleAdmin, member: t().roleMember };
  const parts = [
    kind === 'member.role' ? (roles[detail] ?? detail) : '',
    exactTime(at, lang.value),
    by && by.id !== user.id ? (by.id === myId() ? t().you : by.name) : '',
    device && deviceWords(device),
    address,
  ];
  return parts.filter(Boolean).join(' · ');
}
