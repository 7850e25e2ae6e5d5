/** A new chat: with a person, with yourself, a group, or an invite for a newcomer. */
import { useMemo, useState } from 'preact/hooks';
import { ActButton } from '../../acts/ActButton';
import type { Context, DialogProps } from '../../acts/act';
import type { UserRead } from '../../api/types';
import { t } from '../../i18n/screens/people';
import { uuid } from '../../lib/browser';
import { isBlank } from '../../lib/characters';
import { myId } from '../../store/session';
import { createGroup, openDirect } from '../../sync';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { told } from '../../ui/Toast';
import { Chips } from './Chips';
import css from './People.module.css';
import { PeoplePicker } from './PeoplePicker';

const opener =
  ({ open }: Context) =>
  (made: Promise<number>): void =>
    void made.then((chatId) => open({ kind: 'chat', chatId }), told);

export function NewChat({ context, onClose }: DialogProps<'newChat'>) {
  const open = opener(context);
  return (
    <Dialog title={t().newChat} onClose={onClose}>
      <div class={css.ways}>
        {['new-group', 'saved', 'invite'].map((id) => (
          <ActButton key={id} id={id} kind="plain" context={context} />
        ))}
      </div>
      <PeoplePicker without={new Set([myId()])} isChosen={() => false} onChoose={(user) => open(openDirect(user.id))} />
    </Dialog>
  );
}

export function NewGroup({ context, onClose }: DialogProps<'newGroup'>) {
  const open = opener(context);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly UserRead[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another name or other people make another group
  const key = useMemo(uuid, [name, chosen]);
  const ids = chosen.map((one) => one.id);
  const toggle = (user: UserRead): void =>
    setChosen(ids.includes(user.id) ? chosen.filter((one) => one.id !== user.id) : [...chosen, user]);
  return (
    <Dialog title={t().newGroup} onClose={onClose}>
      <Field label={t().groupName} value={name} onValue={setName} maxLength={64} autoComplete="off" autoFocus />
      <Chips people={chosen} onRemove={toggle} />
      <PeoplePicker without={new Set([myId()])} isChosen={(user) => ids.includes(user.id)} onChoose={toggle} />
      <Button kind="primary" disabled={isBlank(name)} onClick={() => open(createGroup(name, ids, key))}>
        {t().createGroup}
      </Button>
    </Dialog>
  );
}
