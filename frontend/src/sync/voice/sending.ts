/** Sends a recording as a voice message. */
import { drafts, setDraft } from '../../store/drafts';
import { outbox } from '../../store/outbox';
import { readBytes } from '../cache';
import { queue } from '../outbox';
import { dropRecorded, type Recorded } from './keeping';

const ENDINGS: readonly [type: RegExp, ending: string][] = [
  [/mp4/, 'm4a'],
  [/ogg/, 'ogg'],
];

/**
 * Sends a recording, alone in its message. The id of the recording is that of the message and of the upload: however
 * often it is sent, by how many pages, the chat gets one message.
 */
export async function sendVoice(recorded: Recorded, peaks: string): Promise<void> {
  const { chatId, id, bytes, ms } = recorded;
  void navigator.storage?.persist?.().catch(() => false);
  const [type = ''] = bytes.type.split(';');
  const name = `voice.${ENDINGS.find(([types]) => types.test(type))?.[1] ?? 'webm'}`;
  const draft = drafts.value.get(chatId);
  const begun = { state: 'kept', sent: 0, upload: null, file: null, reason: '' } as const;
  const file = { key: id, name, type, size: bytes.size, alt: '', voice: { ms, peaks }, ...begun };
  const data = { chat_id: chatId, client_msg_id: id, text: '', reply_to: draft?.replyTo ?? null, mentions: [] };
  await queue('message.send', data, { files: [file], bytes: [bytes.slice(0, bytes.size, type)] });
  if (draft?.replyTo) setDraft(chatId, { ...draft, replyTo: null });
  // Read after they were written: the recording goes when the outbox has its bytes.
  await readBytes(id, 0);
  // Without room for both the recording stays until it is sent; what the next page offers then is sent already.
  if (!outbox.value.some((one) => one.cmid === id && one.isLoose)) await dropRecorded(recorded);
}
