/** A thin line of text, only if the connection stays away or this browser keeps no data. */
import { t } from '../i18n';
import { connection, isKept } from '../store/session';
import css from './Connection.module.css';

export function Connection() {
  const words = { online: isKept.value ? '' : t().notKept, connecting: t().connecting, offline: t().offline };
  return (
    <p class={css.line} role="status" data-state={connection.value}>
      {words[connection.value]}
    </p>
  );
}
