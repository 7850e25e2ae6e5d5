/** A new chat: with a person, with oneself, a group, or an invite for somebody who is not here yet. */
import { useMemo, useState } from 'preact/hooks';
import type { UserRead } from '../../api/types';
import { t } from '../../i18n';
import { uuid } from '../../lib/browser';
import { isBlank } from '../../lib/characters';
import { mayInvite, myId } from '../../store/session';
import { createGroup, openDirect, openSaved } from '../../sync';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { told } from '../../ui/Toast';
import { Chips } from './Chips';
import css from './People.module.css';
import { PeoplePicker } from './PeoplePicker';

interface Props {
  isGroup: boolean;
  onClose: () => void;
  onOpen: (chatId: number) => void;
  onInvite: () => void;
}

export function NewChat({ isGroup: first, onClose, onOpen, onInvite }: Props) {
  const [isGroup, setGroup] = useState(first);
  const open = (made: Promise<number>): void => void made.then(onOpen, told);
  if (isGroup) return <NewGroup onClose={onClose} open={open} />;
  return (
    <Dialog title={t().newChat} onClose={onClose}>
      <div class={css.actions}>
        <Button icon="people" onClick={() => setGroup(true)}>
          {t().newGroup}
        </Button>
        <Button icon="bookmark" onClick={() => open(openSaved())}>
          {t().savedMessages}
        </Button>
        {mayInvite() && (
          <Button icon="invite" onClick={onInvite}>
            {t().inviteSomeone}
          </Button>
        )}
      </div>
      <PeoplePicker without={new Set([myId()])} isChosen={() => false} onChoose={(user) => open(openDirect(user.id))} />
    </Dialog>
  );
}

function NewGroup({ onClose, open }: { onClose: () => void; open: (made: Promise<number>) => void }) {
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
