/** A new chat: with a person, with oneself, a group, or an invite for somebody who is not here yet. */
import { useMemo, useState } from 'preact/hooks';
import type { UserRead } from '../../api/types';
import { t } from '../../i18n';
import { uuid } from '../../lib/browser';
import { myId } from '../../store/session';
import { createGroup, openDirect, openSaved, type Problem } from '../../sync';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import css from './People.module.css';
import { PeoplePicker } from './PeoplePicker';

interface Props {
  onClose: () => void;
  onOpen: (chatId: number) => void;
  onInvite: () => void;
}

export function NewChat({ onClose, onOpen, onInvite }: Props) {
  const [isGroup, setGroup] = useState(false);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly UserRead[]>([]);
  const key = useMemo(uuid, [name, chosen]);
  const open = (made: Promise<number>): void => {
    made.then(onOpen, (error: Problem) => toast(error.status ? error.message : t().noNetwork));
  };
  const choose = (user: UserRead): void => {
    if (!isGroup) open(openDirect(user.id));
    else
      setChosen(
        chosen.some((one) => one.id === user.id) ? chosen.filter((one) => one.id !== user.id) : [...chosen, user],
      );
  };
  return (
    <Dialog title={isGroup ? t().newGroup : t().newChat} onClose={onClose}>
      {isGroup ? (
        <Field label={t().groupName} value={name} onValue={setName} maxLength={64} autoComplete="off" autoFocus />
      ) : (
        <div class={css.actions}>
          <Button icon="people" onClick={() => setGroup(true)}>
            {t().newGroup}
          </Button>
          <Button icon="bookmark" onClick={() => open(openSaved())}>
            {t().savedMessages}
          </Button>
          <Button icon="invite" onClick={onInvite}>
            {t().inviteSomeone}
          </Button>
        </div>
      )}
      <PeoplePicker without={new Set([myId()])} chosen={new Set(chosen.map((one) => one.id))} onChoose={choose} />
      {isGroup && (
        <Button
          kind="primary"
          disabled={!name.trim()}
          onClick={() =>
            open(
              createGroup(
                name,
                chosen.map((one) => one.id),
                key,
              ),
            )
          }
        >
          {t().createGroup}
        </Button>
      )}
    </Dialog>
  );
}
