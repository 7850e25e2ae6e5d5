/** Previews of the pages to which a message links: below its text, in the words of the page, as plain text. */
import { useState } from 'preact/hooks';
import type { CardView, MessageView } from '../../api/types';
import { t } from '../../i18n';
import { clipMarks } from '../../lib/characters';
import { cardsOf, mayAskForCards } from '../../store/parts/cards';
import { askForCards } from '../../sync/parts/cards';
import { Button } from '../../ui/Button';
import { told } from '../../ui/Toast';
import { Colours } from '../file/Colours';
import css from './Cards.module.css';

/** A picture from this proportion on is above the words, others are beside them. */
const WIDE = 1.4;

export function Cards({ message }: { message: MessageView }) {
  const items = cardsOf(message);
  if (mayAskForCards(message)) return <Ask key={message.rev} message={message} />;
  if (!items.length) return null;
  return (
    <ul class={css.cards} aria-label={t().cards(items.length)}>
      {items.map((one) => (
        <li key={one.place}>
          <Card card={one} message={message} />
        </li>
      ))}
    </ul>
  );
}

function Card({ card, message: { chat_id, seq } }: { card: CardView; message: MessageView }) {
  const { place, address, site, title, summary, picture } = card;
  const host = hostOf(address);
  const isWide = picture !== null && picture.width >= picture.height * WIDE;
  return (
    // The words are a stranger's: the host says where they lead.
    <a
      class={css.card}
      href={address}
      target="_blank"
      rel="noopener noreferrer"
      draggable={false}
      aria-label={t().card(clipMarks(title), host)}
      title={address}
    >
      {picture && (
        <span
          class={isWide ? css.wide : css.small}
          style={isWide ? { aspectRatio: `${picture.width} / ${picture.height}` } : undefined}
        >
          <Colours hash={picture.thumbhash} />
          <img
            src={`/api/chats/${chat_id}/messages/${seq}/cards/${place}/${picture.id}`}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
          />
        </span>
      )}
      <span class={css.words}>
        <small dir="auto">{site && site !== host ? `${clipMarks(site)} · ${host}` : host}</small>
        <b dir="auto">{clipMarks(title)}</b>
        {summary && (
          <span class={css.summary} dir="auto">
            {clipMarks(summary)}
          </span>
        )}
      </span>
    </a>
  );
}

function Ask({ message }: { message: MessageView }) {
  const [isAsked, setAsked] = useState(false);
  const isEmpty = isAsked && message.parts?.cards !== undefined;
  const ask = (): void => {
    setAsked(true);
    askForCards(message).catch((error: Error) => {
      setAsked(false);
      told(error);
    });
  };
  return (
    <div class={css.ask}>
      <span role="status">{isAsked && (isEmpty ? t().noCard : t().cardComes)}</span>
      {!isAsked && <Button onClick={ask}>{t().showCard}</Button>}
    </div>
  );
}

/** Returns the host of an address, without the `www` that says nothing. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host.replace(/^www\./, '') : address;
}
