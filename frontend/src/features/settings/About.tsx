/** The version of the server and its page. */
import { t } from '../../i18n/screens/settings';
import { server } from '../../store/session';
import css from './Settings.module.css';

export function About() {
  return (
    <section>
      <h2>{t().about}</h2>
      <p>{t().appName}</p>
      {server.value && <p class={css.muted}>{t().version(server.value.version)}</p>}
    </section>
  );
}
