/** What this browser keeps, and what my files take on the server. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n/screens/settings';
import { t as words } from '../../i18n/screens/storage';
import { takesFiles } from '../../store/mine/tray';
import { myStorage } from '../../sync';
import { Answered } from './Answered';
import { useAsked } from './asking';
import css from './Settings.module.css';
import { Bar, Kinds } from './Sums';

export function Storage() {
  const [used, setUsed] = useState<number | null>(null);
  useEffect(() => {
    // Missing on plain HTTP.
    const asked = 'storage' in navigator ? navigator.storage.estimate() : Promise.resolve({ usage: undefined });
    asked.then(
      ({ usage }) => setUsed(usage ?? null),
      () => undefined,
    );
  }, []);
  return (
    <>
      <section>
        <h2>{t().storage}</h2>
        {used !== null && <p>{t().storageUsed(t().fileSize(used))}</p>}
        <p class={css.muted}>{t().storageHint}</p>
      </section>
      {takesFiles() && <Files />}
    </>
  );
}

/** Shows how much of the server's storage my files take, with those on their way, and of which kinds they are. */
function Files() {
  const asked = useAsked(myStorage);
  return (
    <section>
      <h2>{words().filesMine}</h2>
      <Answered asked={asked}>
        {({ used, reserved, quota, kinds }) => (
          <>
            <p>{words().filesUsed(used + reserved, quota)}</p>
            <Bar part={used + reserved} whole={quota} />
            {kinds.length ? <Kinds kinds={kinds} /> : <p class={css.muted}>{words().filesNone}</p>}
            {kinds.length > 0 && <p class={css.muted}>{words().filesHint}</p>}
          </>
        )}
      </Answered>
    </section>
  );
}
