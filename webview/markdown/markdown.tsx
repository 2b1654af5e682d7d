import type { Token } from 'marked';
import { memo } from 'preact/compat';
import { useRef } from 'preact/hooks';
import { plainText } from '../text/plain-text';
import { Block } from './block';
import { all, type Blocks, grow, NO_BLOCKS } from './open-blocks';

/**
 * Markdown as elements, straight from the lexer's tokens: there is no HTML string anywhere, so nothing in the text
 * can become markup. While `live`, only the blocks that are still open are lexed and rendered again.
 */
export function Markdown({ text, live }: { text: string; live: boolean }) {
  const blocks = useRef<Blocks>(NO_BLOCKS);
  const source = plainText(text);
  if (blocks.current.source !== source || !live) blocks.current = live ? grow(blocks.current, source) : whole(blocks.current, source);
  return (
    <div class="markdown">
      {blocks.current.tokens.map((token, i) => (token.type === 'space' ? null : <SameBlock key={`${i}${token.type}`} token={token} />))}
    </div>
  );
}

/** `closed` is never set for a text that was lexed whole, which tells it from one that grew. */
function whole(last: Blocks, source: string): Blocks {
  return last.source === source && last.closed === 0 ? last : all(source);
}

/** Two tokens of the same text look the same: link definitions aside, which only a whole text is sure of. */
const SameBlock = memo(
  ({ token }: { token: Token }) => <Block token={token} />,
  (a, b) => a.token === b.token || (a.token.raw === b.token.raw && !a.token.raw.includes(']')),
);
