/** What everyone's files take on this server, for administrators: sums, people, chats, and the limits of people. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatStorage, ServerStorage, UserStorage } from '../../api/types';
import { Name, Title } from '../../content/names/Name';
import { fullName } from '../../content/names/names';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/storage';
import { dayName } from '../../lib/time';
import { chatSignal } from '../../store/chats';
import { listChatStorage, listUserStorage, serverStorage } from '../../sync/files/storage';
import { Button } from '../../ui/Button';
import { Answered } from './Answered';
import { useAsked, usePages } from './asking';
import { Limit } from './Limit';
import css from './Settings.module.css';
import { Bar, Kinds } from './Sums';

export function Space() {
  const asked = useAsked(serverStorage);
  return (
    <>
      <section>
        <h2>{t().space}</h2>
        <Answered asked={asked}>{(sums) => <Sums sums={sums} />}</Answered>
      </section>
      {asked.answer && <People quota={asked.answer.quota} />}
      {asked.answer && <Chats />}
    </>
  );
}

function Sums({ sums: { used, reserved, total, quota, disk, kinds, days } }: { sums: ServerStorage }) {
  return (
    <>
      <p>{total === null ? t().spaceUnlimited(used) : t().spaceUsed(used, total)}</p>
      {total !== null && <Bar part={used + reserved} whole={total} />}
      {reserved > 0 && <p>{t().spaceComing(reserved)}</p>}
      {disk && (
        <p>
          {disk.reserve
            ? t().spaceDisk(disk.free, disk.total, disk.reserve)
            : t().spaceDiskWhole(disk.free, disk.total)}
        </p>
      )}
      <p class={css.muted}>{t().spaceEach(quota)}</p>
      {kinds.length ? <Kinds kinds={kinds} /> : <p class={css.muted}>{t().spaceNone}</p>}
      {days.length > 0 && (
        <details>
          <summary>{t().spaceDays}</summary>
          <ul>
            {[...days].reverse().map(({ day, added, removed }) => (
              <li key={day}>{t().spaceDay(dayName(`${day}T12:00:00`, lang.value), added, removed)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function People({ quota }: { quota: number }) {
  const asked = usePages(listUserStorage);
  return (
    <section>
      <h2>{t().spacePeople}</h2>
      <Answered asked={asked}>
        {(people) => (
          <List
            rows={people}
            of={({ user }) => user.id}
            draw={(one) => (
              <Person
                one={one}
                quota={quota}
                onChange={(now) => asked.put(people.map((old) => (old === one ? now : old)))}
              />
            )}
          />
        )}
      </Answered>
      <More asked={asked} />
    </section>
  );
}

interface PersonProps {
  one: UserStorage;
  quota: number;
  onChange: (one: UserStorage) => void;
}

function Person({ one, quota, onChange }: PersonProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLDivElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.querySelector('button')?.focus();
  };
  return (
    <>
      <span>
        <b>
          <Name id={one.user.id} isLine />
        </b>
        <small>{t().spaceOf(one.used + one.reserved, one.quota)}</small>
      </span>
      <div ref={button}>
        <Button
          aria-label={t().limitOwn(fullName(one.user.id))}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t().limit}
        </Button>
      </div>
      {isOpen && <Limit one={one} quota={quota} onChange={onChange} onClose={close} />}
    </>
  );
}

function Chats() {
  const asked = usePages(listChatStorage);
  return (
    <section>
      <h2>{t().spaceChats}</h2>
      <Answered asked={asked}>
        {(chats) => <List rows={chats} of={({ chat_id: id }) => id} draw={(one) => <Chat one={one} />} />}
      </Answered>
      <More asked={asked} />
    </section>
  );
}

/** Draws a chat by its name, where the administrator is a member; others by their kind alone. */
function Chat({ one: { chat_id: id, kind, member_count: members, files, used } }: { one: ChatStorage }) {
  const others = { group: t().spaceGroup(members), direct: t().spaceDirect, saved: t().spaceSaved };
  return (
    <span>
      {chatSignal(id) ? <Title chatId={id} isLine /> : others[kind]}
      <small>{t().spaceChat(files, used)}</small>
    </span>
  );
}

interface ListProps<T> {
  rows: readonly T[];
  of: (row: T) => number;
  draw: (row: T) => ComponentChildren;
}

/** Draws rows; when more are loaded, the focus moves to the first of them, since the pressed button may be gone. */
function List<T>({ rows, of, draw }: ListProps<T>) {
  const from = useRef(rows.length);
  const fresh = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (from.current && rows.length > from.current) fresh.current?.focus();
    from.current = rows.length;
  }, [rows.length]);
  if (!rows.length) return <p class={css.muted}>{t().spaceNone}</p>;
  return (
    <ul class={css.list} data-wraps>
      {rows.map((row, place) => (
        <li key={of(row)} ref={place === from.current ? fresh : undefined} tabIndex={-1}>
          {draw(row)}
        </li>
      ))}
    </ul>
  );
}

type Rest = Pick<ReturnType<typeof usePages<unknown>>, 'next' | 'problem' | 'isLoading' | 'load'>;

function More({ asked: { next, problem, isLoading, load } }: { asked: Rest }) {
  if (!next || problem) return null;
  return (
    <Button busy={isLoading} onClick={load}>
      {t().spaceMore}
    </Button>
  );
}
