/** What notifies about unread messages, and the chats that do not notify about each of theirs. */
import { useRef, useState } from 'preact/hooks';
import { noticeWords } from '../../acts/list';
import { noticeItems } from '../../acts/menu';
import { Title } from '../../content/names/Name';
import { titleOf } from '../../content/names/names';
import { t } from '../../i18n/screens/settings';
import { allChats, chat } from '../../store/chats';
import { allIds, isQuiet } from '../../store/mine/list';
import { mine } from '../../store/mine/state';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Menu } from '../../ui/Menu';
import type { Spot } from '../../ui/place';
import css from './Settings.module.css';

export function Notifications() {
  const ids = useQuiet();
  const [menu, setMenu] = useState<{ chatId: number; at: Spot } | null>(null);
  return (
    <section>
      <h2>{t().level}</h2>
      <p>{t().noticesWhat}</p>
      <p class={css.muted}>{t().noticesWhere}</p>
      <h3>{t().noticesQuiet}</h3>
      {ids.length === 0 && <p class={css.muted}>{t().noticesAll}</p>}
      <ul class={css.list}>
        {ids.map((id) => (
          <Quiet key={id} id={id} onChange={(at) => setMenu({ chatId: id, at })} />
        ))}
      </ul>
      {menu && (
        <Menu
          label={titleOf(menu.chatId)}
          at={menu.at}
          items={noticeItems(menu.chatId)}
          onClose={() => setMenu(null)}
        />
      )}
    </section>
  );
}

/** Returns the quiet chats, in the order of the list; one that was changed back stays until the page is left. */
function useQuiet(): readonly number[] {
  const shown = useRef(new Set<number>());
  for (const view of allChats()) if (isQuiet(mine(view))) shown.current.add(view.id);
  return allIds.value.filter((id) => shown.current.has(id));
}

function Quiet({ id, onChange }: { id: number; onChange: (at: Spot) => void }) {
  const view = chat(id);
  if (!view) return null;
  return (
    <li>
      <Avatar id={view.peer?.id ?? id} name={titleOf(id)} picture={(view.peer ?? view).avatar} size={36} />
      <span>
        <Title chatId={id} isLine />
        <small>{noticeWords(mine(view))}</small>
      </span>
      <Button
        aria-label={`${t().change}: ${titleOf(id)}`}
        aria-haspopup="menu"
        onClick={({ currentTarget }) => {
          const { left, bottom } = currentTarget.getBoundingClientRect();
          onChange({ x: left, y: bottom });
        }}
      >
        {t().change}
      </Button>
    </li>
  );
}
