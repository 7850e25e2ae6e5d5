/** The details of a chat and the acts on it: its picture and name, its members, its links. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Context } from '../../acts/act';
import { actsFor } from '../../acts/all';
import { itemsOf } from '../../acts/menu';
import type { ChatView, MemberView, Role, UserRead } from '../../api/types';
import { Name, Title } from '../../content/names/Name';
import { fullName, titleOf } from '../../content/names/names';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/people';
import { isBlank } from '../../lib/characters';
import { fullDate } from '../../lib/time';
import { chatSignal } from '../../store/chats';
import { members } from '../../store/members';
import { isOnline, nameOf, pictureOf } from '../../store/users';
import { loadMembers, type Problem } from '../../sync';
import { removeAvatar, setAvatar } from '../../sync/avatars';
import { renameChat } from '../../sync/late/people';
import { Avatar } from '../../ui/Avatar';
import { Button, IconButton } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Menu } from '../../ui/Menu';
import { PictureField } from '../../ui/picture/PictureField';
import type { Spot } from '../../ui/place';
import { told } from '../../ui/Toast';
import { Links } from './Links';
import css from './People.module.css';
import { useWatched } from './watched';

interface HeadingProps {
  chatId: number;
  view: ChatView;
  context: Context;
}

export function Info({ chatId, context }: { chatId: number; context: Context }) {
  const view = chatSignal(chatId)?.value;
  if (!view) return null;
  const manages = view.my_rights.includes('info');
  const isGroup = view.kind === 'group';
  const title = titleOf(chatId);
  return (
    <div class={css.info}>
      {manages ? (
        <>
          <PictureField
            id={chatId}
            name={title}
            picture={view.avatar}
            onSave={(file, way) => setAvatar(chatId, file, way)}
            onRemove={() => removeAvatar(chatId)}
          />
          <Rename chatId={chatId} name={title} />
        </>
      ) : (
        <div class={css.member}>
          <Avatar
            id={view.peer?.id ?? chatId}
            name={title}
            picture={(view.peer ?? view).avatar}
            size={64}
            saved={view.kind === 'saved'}
          />
          <Heading chatId={chatId} view={view} context={context} />
        </div>
      )}
      <div class={css.acts}>
        {actsFor('chat', context)
          .filter((act) => act.id !== 'info' && !act.within)
          .map((act) => (
            <Button
              key={act.id}
              icon={act.icon}
              kind={act.danger ? 'danger' : 'plain'}
              onClick={() => act.run(context)}
            >
              {act.label(context)}
            </Button>
          ))}
      </div>
      {isGroup && <People chatId={chatId} context={context} />}
      {manages && <Links chatId={chatId} />}
    </div>
  );
}

/** Draws the name of a chat, and of a group its size; that of a person leads to their profile. */
function Heading({ chatId, view: { kind, peer, member_count: count }, context }: HeadingProps) {
  const words = (
    <>
      <Title chatId={chatId} />
      <small>{kind === 'group' ? t().members(count) : sinceWords(peer)}</small>
    </>
  );
  if (!peer) return <span class={css.words}>{words}</span>;
  return (
    <button type="button" class={css.words} onClick={() => context.open({ kind: 'person', userId: peer.id })}>
      {words}
    </button>
  );
}

function People({ chatId, context }: { chatId: number; context: Context }) {
  const list = members.value.get(chatId);
  useWatched((list ?? []).map((one) => one.user.id));
  const [menu, setMenu] = useState<{ member: MemberView; at: Spot } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = useCallback((): void => void loadMembers(chatId).then(() => setProblem(null), setProblem), [chatId]);
  useEffect(() => {
    if (!list) load();
  }, [load, list]);
  return (
    <section>
      <h2>{t().membersTitle}</h2>
      {problem && (
        <div role="alert">
          <p>{problem.message}</p>
          <Button onClick={load}>{t().tryAgain}</Button>
        </div>
      )}
      <ul aria-busy={!list && !problem}>
        {!list && !problem && [1, 2, 3].map((one) => <li key={one} class={css.ghost} aria-hidden="true" />)}
        {list?.map((member) => (
          <Member
            key={member.user.id}
            member={member}
            onOpen={() => context.open({ kind: 'person', userId: member.user.id })}
            mayMore={actsFor('member', { ...context, member }).length > 0}
            onMore={(at) => setMenu({ member, at })}
          />
        ))}
      </ul>
      {menu && (
        <Menu
          label={fullName(menu.member.user.id)}
          at={menu.at}
          items={itemsOf('member', { ...context, member: menu.member })}
          onClose={() => setMenu(null)}
        />
      )}
    </section>
  );
}

/** Returns since when the person of a direct chat is here. */
const sinceWords = (peer: UserRead | null | undefined): string =>
  peer ? t().hereSince(fullDate(peer.created_at, lang.value)) : '';

interface MemberProps {
  member: MemberView;
  onOpen: () => void;
  /** Whether any act applies to this member. */
  mayMore: boolean;
  onMore: (at: Spot) => void;
}

function Member({ member: { user, role }, onOpen, mayMore, onMore }: MemberProps) {
  return (
    <li class={css.member}>
      <Avatar id={user.id} name={nameOf(user.id)} picture={pictureOf(user.id)} size={36} online={isOnline(user.id)} />
      <button type="button" class={css.words} onClick={onOpen}>
        <Name id={user.id} />
        <small>{roleWords(role)}</small>
      </button>
      {mayMore && (
        <IconButton
          icon="more"
          label={`${t().more}: ${fullName(user.id)}`}
          onClick={({ currentTarget }) => {
            const { left, bottom } = currentTarget.getBoundingClientRect();
            onMore({ x: left, y: bottom });
          }}
        />
      )}
    </li>
  );
}

function roleWords(role: Role): string {
  return { owner: t().roleOwner, admin: t().roleAdmin, member: t().roleMember }[role];
}

function Rename({ chatId, name }: { chatId: number; name: string }) {
  const [value, setValue] = useState(name);
  return (
    <form
      class={css.rename}
      onSubmit={(event) => {
        event.preventDefault();
        renameChat(chatId, value).catch(told);
      }}
    >
      <Field label={t().groupName} value={value} onValue={setValue} maxLength={64} autoComplete="off" />
      <Button type="submit" disabled={isBlank(value) || value === name}>
        {t().rename}
      </Button>
    </form>
  );
}
