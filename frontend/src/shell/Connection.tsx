/** A line over the page, only if the connection stays away; and a notice if this browser keeps no data. */
import { lang, t } from '../i18n';
import { clockTime } from '../lib/time';
import { connection, isKept, type Connection as Line } from '../store/session';
import { tryNow } from '../sync';
import css from './Connection.module.css';

/** The time when the connection was missed, for every place of the line. */
let missedAt: string | null = null;

/** Returns what is missing and since when, or nothing. */
function awayWords(state: Line): string {
  if (state === 'unknown' || state === 'online') {
    missedAt = null;
    return '';
  }
  missedAt ??= new Date().toISOString();
  const when = clockTime(missedAt, lang.value);
  return state === 'offline' ? t().offline(when) : t().away(when);
}

export function Connection() {
  const words = awayWords(connection.value);
  return (
    <div class={css.place}>
      {!isKept.value && <p class={css.kept}>{t().notKept}</p>}
      <div class={css.line} data-shown={words ? true : undefined}>
        <p role="status">{words}</p>
        {words && (
          <button type="button" onClick={tryNow}>
            {t().tryNow}
          </button>
        )}
      </div>
    </div>
  );
}
