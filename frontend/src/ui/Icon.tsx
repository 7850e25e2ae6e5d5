/** Line icons on a 20 px grid. */
import {
  ArrowDown,
  ArrowLeft,
  ArrowUp,
  Bookmark,
  Camera,
  Check,
  CheckCheck,
  CircleAlert,
  Clock,
  Copy,
  Ellipsis,
  Eye,
  EyeOff,
  History,
  type IconNode,
  Link,
  LogOut,
  MessageSquarePlus,
  Pencil,
  Reply,
  Search,
  SendHorizontal,
  Settings,
  Smile,
  Trash2,
  Undo2,
  UserPlus,
  Users,
  X,
} from 'lucide';
import { h } from 'preact';

const icons = {
  back: ArrowLeft,
  bookmark: Bookmark,
  camera: Camera,
  check: Check,
  clock: Clock,
  close: X,
  copy: Copy,
  down: ArrowDown,
  edit: Pencil,
  emoji: Smile,
  eye: Eye,
  eyeOff: EyeOff,
  failed: CircleAlert,
  history: History,
  invite: UserPlus,
  link: Link,
  more: Ellipsis,
  newChat: MessageSquarePlus,
  people: Users,
  read: CheckCheck,
  remove: Trash2,
  reply: Reply,
  search: Search,
  send: SendHorizontal,
  settings: Settings,
  signOut: LogOut,
  undo: Undo2,
  up: ArrowUp,
} satisfies Record<string, IconNode>;

export type IconName = keyof typeof icons;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {icons[name].map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
