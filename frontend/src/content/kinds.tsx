/** Kinds of messages: the content of the bubble, and the line for the list, quotes and announcements. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import type { MessageView } from '../api/types';
import { clipMarks, cut } from '../lib/characters';
import { plain } from '../lib/words';
import { filesLine } from './file/files';
import { serviceLine } from './service';
import { Text } from './text/Text';
import type { Open } from './things';

interface Kind {
  /** Draws the content, with the foot at its end. Without a body the line is drawn alone, in the middle. */
  body?: FunctionComponent<{ message: MessageView; open: Open; foot: ComponentChildren }>;
  line: (message: MessageView) => string;
}

/** Returns the words of a message in one line. */
export const textLine = (text: string, entities: Parameters<typeof plain>[1]): string =>
  cut(clipMarks(plain(text, entities)).replace(/\s+/g, ' '), 160);

const text: Kind = {
  body: ({ message, open, foot }) => (
    <Text text={message.text} entities={message.entities} open={open}>
      {foot}
    </Text>
  ),
  line: (message) => [filesLine(message), textLine(message.text, message.entities)].filter(Boolean).join(' · '),
};

const kinds: Readonly<Record<string, Kind>> = { text, service: { line: serviceLine } };

/** Returns the kind of a message; an unknown kind shows its text, which every message has. */
export const kindOf = ({ kind }: MessageView): Kind => kinds[kind] ?? text;
