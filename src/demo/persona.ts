import { type Conversation, type Passage, readConversation } from './conversation';
import { deleteBuild } from './jobs/delete-build';
import { explain } from './jobs/explain';
import { fixTests } from './jobs/fix-test';
import { rename } from './jobs/rename';
import { ASKS_FOR_SUMMARY, summaryOf } from './jobs/summary';
import { type Job, play, type Turn } from './play';
import type { Scene } from './scene';
import type { MessageReply, ReplyBlock } from './wire/reply';
import type { WireRequest } from './wire/request';

/** The demo model: chooses a job by what the user wrote, and plays it against what the tools have really answered. */

type JobStart = (scene: Scene) => Job;

const JOBS: readonly { readonly asks: RegExp; readonly start: JobStart }[] = [
  { asks: /\brename\b/i, start: rename },
  {
    asks: /\b(delete|remove|clean(?: up)?|wipe|get rid of)\b.*\b(build|dist|out(put)?|generated|folder|directory|coverage)\b/i,
    start: deleteBuild,
  },
  {
    asks: /\b(fix|repair|mend|debug)\b|\b(failing|broken|red)\b.*\btests?\b|\btests?\b.*\b(fail(s|ing)?|broken|red|pass)\b|\brun the tests\b|\bbug\b/i,
    start: fixTests,
  },
  {
    asks: /\b(explain|describe|summari[sz]e|overview|tour|understand)\b|\bwhat (is|does) (this|the) (project|code|repo\w*|folder|app)\b|\bhow does .* work\b/i,
    start: explain,
  },
];

const CAPABILITIES = `I am Plumb's offline demo: a script, not a language model. I read what the tools really answer, but I know only a few jobs:

- **Fix the failing test**: I run the tests, find the cause and mend it.
- **Explain this project**: I read the papers and the main sources.
- **Rename \`formatMoney\` to \`formatPrice\`**, or any other symbol.
- **Delete the build folder**, which asks you first.

For everything else connect a real model: run the command **Plumb: Set API key**, or start with \`ANTHROPIC_API_KEY\` in the environment. \`ANTHROPIC_BASE_URL\` points to any other server that speaks the Messages API, such as a local one.`;

/** What the demo model says to a request. */
export function respond(request: WireRequest, paceMs: number): MessageReply {
  const conversation = readConversation(request);
  return { kind: 'message', blocks: blocksOf(nextTurn(conversation)), paceMs, pieceSize: 14 };
}

function nextTurn(conversation: Conversation): Turn {
  if (ASKS_FOR_SUMMARY.test(conversation.told)) return { text: summaryOf(conversation), calls: [] };
  const { passage, exchanges, aside } = currentJob(conversation);
  const start = passage && jobFor(passage.text);
  if (!passage || !start || conversation.tools.size === 0) return { text: CAPABILITIES, calls: [] };
  const turn = play(start(sceneOf(conversation, passage.text)), exchanges);
  return aside === undefined ? turn : { ...turn, text: [asideText(aside), turn.text].filter(Boolean).join('\n\n') };
}

/**
 * The job at hand: the last one asked for. What the user says while it runs, or to make it go on, does not end it
 * unless it asks for another; `aside` is such a remark that has not been answered yet.
 */
function currentJob({ passages }: Conversation): { passage?: Passage; exchanges: Passage['exchanges']; aside?: string } {
  let at = passages.length - 1;
  while (at > 0 && !jobFor(passages[at]?.text ?? '') && continues(passages[at], passages[at - 1])) at -= 1;
  const passage = passages[at];
  const later = passages.slice(at + 1);
  const last = later.at(-1);
  const exchanges = [passage, ...later].flatMap((part) => part?.exchanges ?? []);
  return { passage, exchanges, aside: last && last.exchanges.length === 0 && !GO_ON.test(last.text) ? last.text : undefined };
}

const GO_ON = /^\s*(please\s+)?(continue|go on|carry on|resume|keep going|try again)\b/i;

function continues(passage: Passage | undefined, before: Passage | undefined): boolean {
  if (!passage || !before) return false;
  return passage.midway || GO_ON.test(passage.text);
}

function jobFor(text: string): JobStart | undefined {
  return JOBS.find(({ asks }) => asks.test(text))?.start;
}

function sceneOf({ tools, root, reviewed }: Conversation, text: string): Scene {
  const review = reviewed ? ' What I changed waits for your review.' : '';
  return { text, root, review, has: (tool) => tools.has(tool), about: (tool) => tools.get(tool) ?? '' };
}

function asideText(said: string): string {
  const first = said.split('\n')[0] ?? '';
  return `I saw what you wrote ("${first.length > 80 ? `${first.slice(0, 80)}…` : first}"), but this demo only knows its script, so I go on with the job.`;
}

function blocksOf({ thinking, text, calls }: Turn): readonly ReplyBlock[] {
  return [
    ...(thinking ? [{ kind: 'thinking' as const, text: thinking }] : []),
    ...(text ? [{ kind: 'text' as const, text }] : []),
    ...calls.map(({ name, input }) => ({ kind: 'call' as const, of: 'tool_use' as const, name, json: JSON.stringify(input) })),
  ];
}
