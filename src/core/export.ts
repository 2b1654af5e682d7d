import type { AgentEvent } from '../protocol/events';
import { dollars } from '../protocol/spend';
import { foldEvents } from './fold';

/** DIDs of the agent that signs a session and of its operator. */
type Signer = { readonly agent: string; readonly operator: string };

/** A session as a Markdown document: what was said and done, with the outcome of each call, and by whom where that is signed. */
export function exportMarkdown(events: readonly AgentEvent[], signer: Signer | null = null): string {
  const state = foldEvents(events);
  const { spent, header } = state;
  const cost = spent.cost === null ? '' : `, ${dollars(spent.cost)}`;
  const head = [
    `# ${state.title || 'Session'}`,
    '',
    `${header ? `${new Date(header.at).toISOString()} · ${header.roots.join(', ') || 'no folder'} · ` : ''}${state.model} · ${spent.input + spent.cacheRead + spent.cacheWrite} tokens in, ${spent.output} out${cost}`,
    ...(signer ? ['', `Signed by ${signer.agent} on the word of ${signer.operator}`] : []),
  ];
  return `${[...head, ...events.flatMap(section)].join('\n')}\n`;
}

function section(event: AgentEvent): readonly string[] {
  switch (event.type) {
    case 'user_message':
      return ['', '## User', '', event.text, ...event.attachments.map((a) => `- attached: ${'path' in a && a.path ? a.path : a.kind}`)];
    case 'assistant_message': {
      const text = event.blocks.flatMap((b) => (b.type === 'text' ? [b.text] : [])).join('\n\n');
      return text ? ['', '## Plumb', '', text] : [];
    }
    case 'tool_started':
      return ['', `**${event.title}** ${inline(event.detail)}`];
    case 'tool_finished': {
      const text = event.output.map((c) => (c.type === 'text' ? c.text : `[image, ${c.mediaType}]`)).join('\n');
      return [`${event.outcome}: ${event.summary}`, '', fence(text)];
    }
    case 'permission_decided':
      return event.decision.by.kind === 'class'
        ? []
        : [`${event.decision.verdict === 'allow' ? 'Allowed' : 'Denied'}: ${event.decision.reason}`];
    case 'diagnostics':
      return event.text ? ['', fence(event.text)] : [];
    case 'rewound':
      return ['', `_Went back to before an earlier message: ${event.what === 'both' ? 'files and conversation' : event.what}._`];
    case 'rewind_undone':
      return ['', '_Went forward again._'];
    case 'run_ended':
      return event.reason === 'done' ? [] : ['', `_Run ended: ${event.reason}. ${event.detail}_`];
    default:
      return [];
  }
}

function inline(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line ? `\`${line.replaceAll('`', "'")}\`` : '';
}

/** A fence longer than any run of backticks inside. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}\n${text}\n${ticks}`;
}
