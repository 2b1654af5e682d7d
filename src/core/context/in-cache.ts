import type { ModelMessage } from '../ports';
import type { RequestEnd } from './history';

type Block = ModelMessage['content'][number];

/**
 * Where a request that was answered ended, and when it was last asked for: the service keeps such ends, and nothing
 * between them. `held`: by its own account it put that one into its cache; what is short it does not.
 */
export type SentEnd = RequestEnd & { readonly at: number; readonly held: boolean };
/** What was sent under one view of the log. */
export type Sent = { readonly messages: readonly ModelMessage[]; readonly ends: readonly SentEnd[] };

/** Of all that was sent, the ends that the new messages still begin with: those of the view that reaches furthest. */
export function endsIn(messages: readonly ModelMessage[], sent: readonly Sent[]): readonly SentEnd[] {
  return sent.map((one) => kept(one, messages)).reduce((best, ends) => (reach(ends) > reach(best) ? ends : best), []);
}

function kept({ messages: then, ends }: Sent, now: readonly ModelMessage[]): readonly SentEnd[] {
  const before = then.findIndex((message, m) => !isSame(message, now[m]));
  if (before < 0) return ends;
  const [was, is] = [then[before]?.content ?? [], now[before]?.content ?? []];
  const same = then[before]?.role === now[before]?.role ? was.findIndex((block, b) => !isSameBlock(block, is[b])) : 0;
  const blocks = same < 0 ? was.length : same;
  return ends.filter(({ message, block }) => message < before || (message === before && block < blocks));
}

function reach(ends: readonly SentEnd[]): number {
  const last = ends.at(-1);
  return last ? last.message * 1e6 + last.block : -1;
}

function isSame(then: ModelMessage, now: ModelMessage | undefined): boolean {
  if (then === now) return true;
  return (
    now?.role === then.role && now.content.length === then.content.length && then.content.every((b, i) => isSameBlock(b, now.content[i]))
  );
}

function isSameBlock(then: Block, now: Block | undefined): boolean {
  return then === now || (now !== undefined && then.type === now.type && JSON.stringify(then) === JSON.stringify(now));
}
