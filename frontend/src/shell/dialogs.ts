/** Dialogs by name; each is loaded on first use. */
import type { FunctionComponent } from 'preact';
import type { DialogProps } from '../acts/act';
import type { Named, Thing } from '../content/things';

type Loads<K extends Thing['kind']> = () => Promise<FunctionComponent<DialogProps<K>>>;

const finder = () => import('./Finder').then(({ Finder }) => Finder);

export const dialogs = {
  addMembers: () => import('../features/people/AddMembers').then(({ AddMembers }) => AddMembers),
  alts: () => import('../content/file/alts/Alts').then(({ Alts }) => Alts),
  ask: () => import('./opened/Ask').then(({ Ask }) => Ask),
  chats: finder,
  commands: finder,
  details: () => import('../features/message/MessageDetails').then(({ MessageDetails }) => MessageDetails),
  invite: () => import('../features/people/InviteDialog').then(({ InviteDialog }) => InviteDialog),
  newChat: () => import('../features/people/NewChat').then(({ NewChat }) => NewChat),
  person: () => import('../features/people/Profile').then(({ Profile }) => Profile),
  react: () => import('../content/reactions/Picker').then(({ Picker }) => Picker),
  whoReacted: () => import('../content/reactions/Who').then(({ Who }) => Who),
  share: () => import('./opened/Share').then(({ Share }) => Share),
  viewer: () => import('../content/file/opened').then(({ Viewer }) => Viewer),
  newGroup: () => import('../features/people/NewChat').then(({ NewGroup }) => NewGroup),
} satisfies { [K in Thing['kind']]?: Loads<K> };

/** Those that one types into at once: they are loaded when the page is there, before they are asked for. */
export const typed: readonly (() => Promise<unknown>)[] = [
  dialogs.chats,
  dialogs.newChat,
  dialogs.newGroup,
  dialogs.addMembers,
];

export type DialogName = keyof typeof dialogs;
/** The things that open as a dialog. */
export type Dialogue = Named<DialogName>;

export const isDialogue = (thing: Thing): thing is Dialogue => thing.kind in dialogs;

/** Returns the loader of a dialog. */
export const loadOf = ({ kind }: Dialogue) => dialogs[kind] as Loads<DialogName>;
