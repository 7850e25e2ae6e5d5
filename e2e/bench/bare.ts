/** The same screen without a framework: what the browser and the protocol cost by themselves. */

interface Given {
  token: string;
  chatId: number;
}

interface Said {
  seq: number;
  text: string;
  sender_id: number;
  sent_at: string;
}

interface Chat {
  id: number;
  name: string;
  last_message: Said | null;
}

/** Returns functions that make elements. Runs in the page. */
function parts() {
  const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
  const made = (tag: string, name: string, ...inner: (Node | string)[]): HTMLElement => {
    const element = document.createElement(tag);
    element.className = name;
    element.append(...inner);
    return element;
  };
  const when = ({ sent_at }: Said): HTMLElement => {
    const time = made('time', '', hours.format(new Date(sent_at)));
    time.title = sent_at;
    return time;
  };
  const bubble = (one: Said): HTMLElement => {
    const words = made('div', 'words', made('div', 'text', one.text), made('p', 'foot', when(one)));
    const article = made('article', 'message', made('div', 'bubble', words));
    article.dataset.seq = String(one.seq);
    article.tabIndex = -1;
    return article;
  };
  return { made, when, bubble };
}

interface Held {
  list: HTMLElement;
  /** Returns the messages of the open chat. */
  all: () => Said[];
  before: (seq: number) => Promise<Said[]>;
  bubble: (one: Said) => HTMLElement;
}

/** Loads earlier messages near the beginning of the list, and drops as many at its end. Runs in the page. */
function follow({ list, all, before, bubble }: Held): void {
  let isLoading = false;
  list.onscroll = async () => {
    const [first] = all();
    const mark = list.firstElementChild;
    if (isLoading || list.scrollTop > 600 || !first || !mark || first.seq === 1) return;
    isLoading = true;
    const items = await before(first.seq);
    const { top } = mark.getBoundingClientRect();
    list.prepend(...items.map(bubble));
    list.scrollTop += mark.getBoundingClientRect().top - top;
    all().unshift(...items);
    all().splice(-items.length);
    for (const _ of items) list.lastElementChild?.remove();
    isLoading = false;
  };
}

/** Draws the list of chats, a conversation and a field, and follows the socket. Runs in the page. */
function draw({ token, chatId }: Given): void {
  const MOST = 200;
  const { made, when, bubble } = parts();
  const [nav, title, list, area] = ['nav', 'h1', '[role=region]', 'textarea'].map((name) =>
    document.querySelector(name),
  ) as [HTMLElement, HTMLElement, HTMLElement, HTMLTextAreaElement];
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`/api${path}`, { headers: { authorization: `Bearer ${token}` } })).json()) as T;

  const held = new Map<number, Said[]>();
  let open = chatId;
  const show = async (id: number): Promise<void> => {
    open = id;
    if (!held.has(id)) {
      const { items } = await ask<{ items: Said[] }>(`/chats/${id}/messages?around=newest&limit=${MOST}`);
      held.set(id, items);
    }
    title.textContent = nav.querySelector(`[data-chat="${id}"] b`)?.textContent ?? '';
    list.replaceChildren(...(held.get(id) ?? []).map(bubble));
    list.scrollTop = list.scrollHeight;
  };
  const row = ({ id, name, last_message: last }: Chat): HTMLElement => {
    const line = made('span', 'line', last?.text.slice(0, 160) ?? '');
    const link = made('a', 'row', made('i', '', name.slice(0, 2)), made('b', '', name), line);
    link.dataset.chat = String(id);
    if (last) link.insertBefore(when(last), line);
    link.onclick = () => void show(id);
    return link;
  };
  const all = () => held.get(open) ?? [];
  const before = async (seq: number) =>
    (await ask<{ items: Said[] }>(`/chats/${open}/messages?before=${seq}&limit=50`)).items;
  follow({ list, all, before, bubble });
  const arrived = (chat: number, one: Said): void => {
    const link = nav.querySelector<HTMLElement>(`[data-chat="${chat}"]`);
    link?.querySelector('time')?.replaceWith(when(one));
    link?.querySelector('.line')?.replaceChildren(one.text.slice(0, 160));
    if (link && link !== nav.firstElementChild) nav.prepend(link);
    const said = held.get(chat);
    // Far above the newest message.
    if (said && said.at(-1)?.seq !== one.seq - 1) return;
    said?.push(one);
    if (said && said.length > MOST) said.shift();
    if (chat !== open) return;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    list.append(bubble(one));
    if (!isAtEnd) return;
    if (list.childElementCount > MOST) list.firstElementChild?.remove();
    list.scrollTop = list.scrollHeight;
  };
  area.oninput = () => {
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, innerHeight * 0.4)}px`;
  };

  interface Frame {
    type: string;
    frames?: Frame[];
    data: Said & { chat_id: number };
  }
  const heard = (frame: Frame): void => {
    if (frame.type === 'ping') socket.send(JSON.stringify({ type: 'pong', data: {} }));
    else if (frame.type === 'batch') for (const one of frame.frames ?? []) heard(one);
    else if (frame.type === 'message.created') arrived(frame.data.chat_id, frame.data);
  };
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/ws`, 'web-messenger.v1');
  socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', ref: 'hello', data: { token } }));
  socket.onmessage = ({ data }) => heard(JSON.parse(data as string) as Frame);
  void ask<{ items: Chat[] }>('/chats?limit=200').then(({ items }) => {
    nav.replaceChildren(...items.map(row));
    return show(chatId);
  });
}

export const STYLE = `
  * { box-sizing: border-box; margin: 0; }
  body { display: flex; block-size: 100vh; font: 15px/1.4 system-ui; }
  nav { inline-size: 300px; overflow-y: auto; }
  .row { display: grid; grid-template: 1fr 1fr / 44px 1fr auto; gap: 0 12px; block-size: 64px; padding: 8px; }
  .row i { grid-row: 1 / 3; border-radius: 22px; background: #ccd; }
  .row .line { grid-column: 2 / 4; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  main { flex: 1; display: flex; flex-direction: column; min-inline-size: 0; }
  [role=region] { flex: 1; overflow-y: auto; overflow-anchor: none; padding-block-end: 12px; }
  .message { display: flex; padding-inline: 16px; margin-block-start: 2px; }
  .bubble { max-inline-size: 78%; padding: 6px 12px; border-radius: 16px; background: #eee; border: 1px solid #ddd; }
  .words { display: flex; flex-wrap: wrap; align-items: last baseline; column-gap: 12px; }
  .text { white-space: pre-wrap; overflow-wrap: anywhere; }
  .foot { font-size: 12px; color: #666; }
  textarea { inline-size: 100%; resize: none; }
`;

/** Returns the page. */
export const bare = (given: Given): string => `<!doctype html><meta charset="utf-8"><title>bare</title>
<style>${STYLE}</style><nav></nav>
<main><h1></h1><div role="region" tabindex="0"></div><form><textarea rows="1"></textarea></form></main>
<script>${parts.toString()} ${follow.toString()} (${draw.toString()})(${JSON.stringify(given)})</script>`;
