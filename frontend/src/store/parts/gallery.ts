/** The files of a chat by their places. */
import type { ChatFile, MessageView } from '../../api/types';

/** Returns the files of a message, each with its place. */
export const placedIn = ({ chat_id, seq, sender_id, sent_at, parts }: MessageView): ChatFile[] =>
  (parts?.files?.items ?? []).map((file, place) => ({ chat_id, seq, place, sender_id, sent_at, file }));
