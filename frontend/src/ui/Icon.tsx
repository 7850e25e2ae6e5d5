/** Line icons on a 20 px grid. */
import {
  Archive,
  ArrowDown,
  ArrowLeft,
  ArrowUp,
  AtSign,
  Bell,
  BellOff,
  Bookmark,
  Camera,
  Check,
  CheckCheck,
  ChevronRight,
  CircleAlert,
  CircleDot,
  Clock,
  Command,
  Copy,
  Download,
  Ellipsis,
  Eye,
  EyeOff,
  File,
  FileArchive,
  FileImage,
  FileMusic,
  FilePlay,
  FileText,
  HardDrive,
  History,
  type IconNode,
  Info,
  Keyboard,
  Languages,
  Link,
  Lock,
  LogOut,
  MessageSquarePlus,
  MonitorSmartphone,
  Moon,
  Palette,
  Paperclip,
  Pencil,
  Pin,
  Reply,
  Search,
  SendHorizontal,
  Settings,
  Share2,
  Smile,
  Sun,
  Trash2,
  Undo2,
  User,
  UserPlus,
  Users,
  X,
} from 'lucide';
import { h } from 'preact';

const icons = {
  archive: Archive,
  attach: Paperclip,
  back: ArrowLeft,
  bell: Bell,
  bellOff: BellOff,
  bookmark: Bookmark,
  camera: Camera,
  check: Check,
  clock: Clock,
  close: X,
  command: Command,
  copy: Copy,
  down: ArrowDown,
  download: Download,
  edit: Pencil,
  emoji: Smile,
  eye: Eye,
  eyeOff: EyeOff,
  failed: CircleAlert,
  file: File,
  fileArchive: FileArchive,
  fileImage: FileImage,
  fileSound: FileMusic,
  fileText: FileText,
  fileVideo: FilePlay,
  further: ChevronRight,
  history: History,
  invite: UserPlus,
  link: Link,
  mention: AtSign,
  more: Ellipsis,
  newChat: MessageSquarePlus,
  people: Users,
  pin: Pin,
  read: CheckCheck,
  remove: Trash2,
  reply: Reply,
  search: Search,
  send: SendHorizontal,
  settings: Settings,
  share: Share2,
  signOut: LogOut,
  undo: Undo2,
  unread: CircleDot,
  up: ArrowUp,
  about: Info,
  dark: Moon,
  devices: MonitorSmartphone,
  keyboard: Keyboard,
  language: Languages,
  light: Sun,
  lock: Lock,
  palette: Palette,
  person: User,
  storage: HardDrive,
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
