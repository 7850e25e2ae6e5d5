/** Three lists of the same messages: a trimmed window of plain rows, the same with `content-visibility`, `virtua`. */
import { render } from 'preact';
import { memo } from 'preact/compat';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { VList, type VListHandle } from 'virtua';

interface Line {
  seq: number;
  text: string;
}
export interface Given {
  kind: 'window' | 'contained' | 'virtual';
  texts: string[];
  /** The number of messages in the chat. */
  count: number;
}

const [PAGE, MOST, NEAR_PX, END_PX] = [50, 200, 600, 40];

const Row = memo(({ line: { seq, text } }: { line: Line }) => (
  <article class="message" data-seq={seq}>
    <div class="bubble">
      <div class="words">
        <div class="text">{text}</div>
        <p class="foot">
          <time>12:0{seq % 10}</time>
        </p>
      </div>
    </div>
  </article>
));

interface Props {
  lines: readonly Line[];
  before: () => void;
}

/** A plain list: what the reader sees stays where it is, or the end does. */
function Plain({ lines, before, isContained }: Props & { isContained: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ element: Element; top: number } | null>(null);
  const look = (): void => {
    const list = box.current;
    if (!list) return;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
    const seen = [...list.children].find((one) => one.getBoundingClientRect().bottom > 0);
    anchor.current = isAtEnd || !seen ? null : { element: seen, top: seen.getBoundingClientRect().top };
    if (list.scrollTop < NEAR_PX) before();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows that are drawn move what is seen
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    if (anchor.current) list.scrollTop += anchor.current.element.getBoundingClientRect().top - anchor.current.top;
    else list.scrollTop = list.scrollHeight;
  }, [lines]);
  return (
    <div ref={box} role="region" class={isContained ? 'contained' : ''} onScroll={look}>
      {lines.map((line) => (
        <Row key={line.seq} line={line} />
      ))}
    </div>
  );
}

function Virtual({ lines, before }: Props) {
  const list = useRef<VListHandle>(null);
  const isAtEnd = useRef(true);
  const last = lines.at(-1)?.seq;
  const first = useRef(lines[0]?.seq);
  const isShifted = first.current !== lines[0]?.seq;
  first.current = lines[0]?.seq;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message moves the end
  useLayoutEffect(() => {
    if (isAtEnd.current) list.current?.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [last]);
  const onScroll = (top: number): void => {
    const { scrollSize = 0, viewportSize = 0 } = list.current ?? {};
    isAtEnd.current = scrollSize - top - viewportSize < END_PX;
    if (top < NEAR_PX) before();
  };
  // The types of `virtua` are those of React, whose refs are other ones.
  return (
    <VList ref={list as never} role="region" style={{ flex: 1 }} shift={isShifted} onScroll={onScroll}>
      {lines.map((line) => (
        <Row key={line.seq} line={line} />
      ))}
    </VList>
  );
}

/** Draws the list, and a new message whenever `arrive` is called. */
function start({ kind, texts, count }: Given): void {
  const line = (seq: number): Line => ({ seq, text: `${seq}. ${texts[seq % texts.length]}` });
  const lines = (from: number, to: number): Line[] => Array.from({ length: to - from }, (_, n) => line(from + n));
  let shown = lines(count - MOST + 1, count + 1);
  let isLoading = false;
  const trimmed = (all: Line[], from: number): Line[] => (kind === 'virtual' ? all : all.slice(from).slice(0, MOST));
  const before = (): void => {
    const first = shown[0]?.seq ?? 1;
    if (isLoading || first === 1) return;
    isLoading = true;
    // As long as a server takes.
    setTimeout(() => {
      isLoading = false;
      shown = trimmed([...lines(Math.max(1, first - PAGE), first), ...shown], 0);
      draw();
    }, 20);
  };
  const draw = (): void => {
    const props = { lines: shown, before };
    const root = document.querySelector('main');
    if (root)
      render(
        kind === 'virtual' ? <Virtual {...props} /> : <Plain {...props} isContained={kind === 'contained'} />,
        root,
      );
  };
  const arrive = (): void => {
    const last = shown.at(-1)?.seq ?? 0;
    const all = [...shown, line(last + 1)];
    shown = trimmed(all, all.length - MOST);
    draw();
  };
  draw();
  Object.assign(globalThis, { arrive });
}

Object.assign(globalThis, { start });
