/** The choice of people to add to a group. */
import { useEffect, useState } from 'preact/hooks';
import type { DialogProps } from '../../acts/act';
import { t } from '../../i18n';
import { members } from '../../store/members';
import { users } from '../../store/users';
import { needMembers } from '../../sync';
import { addMembers } from '../../sync/late/people';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { told } from '../../ui/Toast';
import { Chips } from './Chips';
import { PeoplePicker } from './PeoplePicker';

export function AddMembers({ thing: { chatId }, onClose }: DialogProps<'addMembers'>) {
  const list = members.value.get(chatId) ?? [];
  useEffect(() => void needMembers(chatId).catch(() => {}), [chatId]);
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
