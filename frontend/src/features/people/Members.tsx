/** A group and who is in it: name, people, roles, links, leaving. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { InviteView, MemberView, Role } from '../../api/types';
import { Name } from '../../content/names/Name';
import { fullName, titleOf } from '../../content/names/names';
import { t } from '../../i18n';
import { isBlank } from '../../lib/characters';
import { chatSignal } from '../../store/chats';
import { members } from '../../store/members';
import { myId } from '../../store/session';
import { nameOf, pictureOf, presence, users } from '../../store/users';
import {
  addMembers,
  listInvites,
  loadMembers,
  type Problem,
  removeAvatar,
  removeMember,
  renameChat,
  revokeInvite,
  setAvatar,
  setRole,
} from '../../sync';
import { Avatar } from '../../ui/Avatar';
import { Button, IconButton } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Menu, type MenuItem, type Spot } from '../../ui/Menu';
import { PictureField } from '../../ui/picture/PictureField';
import { told } from '../../ui/Toast';
import { Chips } from './Chips';
import css from './People.module.css';
import { PeoplePicker } from './PeoplePicker';

interface Props {
  chatId: number;
  onClose: () => void;
  onInvite: () => void;
  onLeft: () => void;
}

export function Members({ chatId, onClose, onInvite, onLeft }: Props) {
  const view = chatSignal(chatId)?.value;
  const list = members.value.get(chatId);
  const [isAdding, setAdding] = useState(false);
  const [asking, setAsking] = useState<{ words: string; label: string; run: () => Promise<void> } | null>(null);
  const [menu, setMenu] = useState<{ member: MemberView; at: Spot } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = useCallback((): void => void loadMembers(chatId).then(() => setProblem(null), setProblem), [chatId]);
  useEffect(() => {
    if (!list) load();
  }, [load, list]);
  if (!view) return null;
  const manages = view.my_rights.includes('info');
  const title = titleOf(chatId);
  const leave = {
    words: t().leaveAsk(title),
    label: t().leave,
    run: () => removeMember(chatId, myId()).then(onLeft),
  };
  if (isAdding) return <AddMembers chatId={chatId} list={list ?? []} onClose={() => setAdding(false)} />;
  return (
    <Dialog title={t().membersTitle} onClose={onClose}>
      {manages && (
        <PictureField
          id={chatId}
          name={title}
          picture={view.avatar}
          onSave={(file, way) => setAvatar(chatId, file, way)}
          onRemove={() => removeAvatar(chatId)}
        />
      )}
      {manages && <Rename chatId={chatId} name={title} />}
      {manages && (
        <div class={css.actions}>
          <Button icon="invite" onClick={() => setAdding(true)}>
            {t().addMembers}
          </Button>
          <Button icon="link" onClick={onInvite}>
            {t().makeLink}
          </Button>
        </div>
      )}
      {problem && (
        <div role="alert">
          <p>{problem.message}</p>
          <Button onClick={load}>{t().tryAgain}</Button>
        </div>
      )}
      <ul class={css.list} aria-busy={!list && !problem}>
        {!list && !problem && [1, 2, 3].map((one) => <li key={one} class={css.ghost} aria-hidden="true" />)}
        {list?.map((one) => (
          <li key={one.user.id} class={css.member}>
            <Avatar
              id={one.user.id}
              name={nameOf(one.user.id)}
              picture={pictureOf(one.user.id)}
              size={36}
              online={presence.value.get(one.user.id)?.online}
            />
            <span class={css.words}>
              <Name id={one.user.id} />
              <small>{roleWords(one.role)}</small>
            </span>
            {one.user.id !== myId() && mayChange(view.my_role, one.role) && (
              <IconButton
                icon="more"
                label={`${t().more}: ${fullName(one.user.id)}`}
                onClick={(event) => setMenu({ member: one, at: { x: event.clientX || 200, y: event.clientY || 200 } })}
              />
            )}
          </li>
        ))}
      </ul>
      {manages && <Links chatId={chatId} />}
      {asking ? (
        <div class={css.ask} role="alertdialog" aria-label={asking.words}>
          <p>{asking.words}</p>
          <Button kind="danger" onClick={() => asking.run().catch(told)}>
            {asking.label}
          </Button>
          <Button onClick={() => setAsking(null)}>{t().cancel}</Button>
        </div>
      ) : (
        <Button icon="signOut" kind="danger" onClick={() => setAsking(leave)}>
          {t().leave}
        </Button>
      )}
      {menu && (
        <Menu
          label={fullName(menu.member.user.id)}
          at={menu.at}
          items={itemsFor(chatId, menu.member, view.my_role, (member) =>
            setAsking({
              words: t().removeMemberAsk(fullName(member.user.id)),
              label: t().removeMember,
              run: () => removeMember(chatId, member.user.id).then(() => setAsking(null)),
            }),
          )}
          onClose={() => setMenu(null)}
        />
      )}
    </Dialog>
  );
}

const mayChange = (mine: Role, theirs: Role): boolean => mine === 'owner' || (mine === 'admin' && theirs === 'member');

function roleWords(role: Role): string {
  return { owner: t().roleOwner, admin: t().roleAdmin, member: t().roleMember }[role];
}

function itemsFor(chatId: number, member: MemberView, mine: Role, onRemove: (member: MemberView) => void): MenuItem[] {
  const words: Record<Role, string> = { owner: t().makeOwner, admin: t().makeAdmin, member: t().makeMember };
  const roles = (['member', 'admin', 'owner'] as const).filter((role) => role !== member.role && mine === 'owner');
  const items: MenuItem[] = roles.map((role) => ({
    label: words[role],
    icon: 'people',
    run: () => void setRole(chatId, member.user.id, role).catch(told),
  }));
  return [...items, { label: t().removeMember, icon: 'remove', danger: true, run: () => onRemove(member) }];
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

function AddMembers({ chatId, list, onClose }: { chatId: number; list: readonly MemberView[]; onClose: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <Dialog title={t().addMembers} onClose={onClose}>
      <Chips people={[...chosen].flatMap((id) => users.value.get(id) ?? [])} onRemove={(user) => toggle(user.id)} />
      <PeoplePicker
        without={new Set(list.map((one) => one.user.id))}
        isChosen={(user) => chosen.has(user.id)}
        onChoose={(user) => toggle(user.id)}
      />
      <Button
        kind="primary"
        disabled={chosen.size === 0}
        onClick={() => addMembers(chatId, [...chosen]).then(onClose, told)}
      >
        {t().add}
      </Button>
    </Dialog>
  );
}

/** The links that still work. */
function Links({ chatId }: { chatId: number }) {
  const [links, setLinks] = useState<InviteView[]>([]);
  useEffect(() => {
    listInvites(chatId).then(setLinks, () => undefined);
  }, [chatId]);
  if (!links.length) return null;
  const revoke = (code: string): void => {
    revokeInvite(code).then(() => setLinks((now) => now.filter((one) => one.code !== code)), told);
  };
  return (
    <section>
      <h2>{t().inviteLink}</h2>
      <ul class={css.list}>
        {links.map((one) => (
          <li key={one.code} class={css.member}>
            <span class={css.words}>
              …{one.code.slice(-8)}
              <small>{t().usesCount(one.uses)}</small>
            </span>
            <Button onClick={() => revoke(one.code)}>{t().revoke}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
