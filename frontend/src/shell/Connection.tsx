/** A line over the page, only if the connection stays away; and a notice if this browser keeps no data. */
import { lang, t } from '../i18n';
import { clockTime } from '../lib/time';
import { connection, isKept } from '../store/session';
import { tryNow } from '../sync';
import css from './Connection.module.css';

/** The time when the connection was missed, for every place of the line. */
let missedAt: string | null = null;

/** Returns since when the connection is away, in words. */
function sinceWords(isAway: boolean): string {
  missedAt = isAway ? (missedAt ?? new Date().toISOString()) : null;
  return missedAt ? t().since(clockTime(missedAt, lang.value)) : '';
}

export function Connection() {
  const words = { unknown: '', online: '', connecting: t().connecting, offline: t().offline }[connection.value];
  const since = sinceWords(words !== '');
  return (
    <div class={css.place}>
      {!isKept.value && <p class={css.kept}>{t().notKept}</p>}
      <div class={css.line} data-shown={words ? true : undefined}>
        <p role="status">{words && `${words} ${since}`}</p>
        {words && (
          <button type="button" onClick={tryNow}>
            {t().tryNow}
          </button>
        )}
      </div>
    </div>
  );
}
