/** The limit of one person: as many bytes as all others, or another number. */
import { useState } from 'preact/hooks';
import type { UserStorage } from '../../api/types';
import { fullName } from '../../content/names/names';
import { t } from '../../i18n/screens/storage';
import { setQuota } from '../../sync/files/storage';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Field } from '../../ui/Field';
import { toast, told } from '../../ui/Toast';
import css from './Settings.module.css';

const GB = 1024 ** 3;
const MOST = 1_000_000;

interface Props {
  one: UserStorage;
  /** That of all others. */
  quota: number;
  onChange: (one: UserStorage) => void;
  onClose: () => void;
}

export function Limit({ one, quota, onChange, onClose }: Props) {
  const [isAsAll, setAsAll] = useState(one.is_default);
  const [typed, setTyped] = useState(String(Number((one.quota / GB).toFixed(3))));
  const [isSaving, setSaving] = useState(false);
  // Both signs of a fraction are understood, whatever the language.
  const number = /^\d+([.,]\d+)?$/.test(typed.trim()) ? Number(typed.trim().replace(',', '.')) : Number.NaN;
  const isWrong = !isAsAll && !(number <= MOST);
  const save = (event: Event): void => {
    event.preventDefault();
    if (isWrong || isSaving) return;
    setSaving(true);
    setQuota(one.user.id, isAsAll ? null : Math.round(number * GB))
      .then((now) => {
        onChange(now);
        onClose();
        toast(t().limitSaved);
      }, told)
      .finally(() => setSaving(false));
  };
  return (
    <form class={css.limit} onSubmit={save}>
      <Choice
        label={t().limitOwn(fullName(one.user.id))}
        value={isAsAll ? 'all' : 'own'}
        options={[
          ['all', t().limitAsAll(quota)],
          ['own', t().limitOther],
        ]}
        onChoose={(whose) => setAsAll(whose === 'all')}
      />
      {!isAsAll && (
        <Field
          label={t().limitGb}
          value={typed}
          onValue={setTyped}
          autoComplete="off"
          error={isWrong ? t().limitGbWrong : undefined}
        />
      )}
      <div class={css.ask}>
        <Button type="submit" kind="primary" busy={isSaving} disabled={isWrong}>
          {t().save}
        </Button>
        <Button onClick={onClose}>{t().cancel}</Button>
      </div>
    </form>
  );
}
