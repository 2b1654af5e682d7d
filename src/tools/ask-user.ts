import { z } from 'zod';
import { ToolError } from '../core/errors';
import { defineTool } from '../core/tool';
import type { Answer } from '../protocol/call-events';

const zOption = z.strictObject({ label: z.string().min(1), description: z.string().optional() });
const zAsked = z.strictObject({
  question: z.string().min(1),
  header: z.string().min(1).describe('one or two words'),
  options: z.array(zOption).min(2).max(4),
  multi_select: z.boolean().optional(),
});

export const askUser = defineTool({
  name: 'ask_user',
  description:
    'Ask the user when the answer changes what you do and the code does not tell it. They can always answer in their own words instead.',
  input: z.strictObject({ questions: z.array(zAsked).min(1).max(4) }),
  safety: { readOnly: true, retrySafe: true },
  summarize: ({ questions }) => ({ title: 'Ask', detail: questions.map((q) => q.header).join(', ') }),
  async run({ questions }, context) {
    const texts = questions.map((q) => q.question);
    if (new Set(texts).size < texts.length) throw new ToolError('Two questions are the same.', 'Ask each question once.');
    for (const { question, options } of questions) {
      if (new Set(options.map((o) => o.label)).size < options.length) {
        throw new ToolError(`Two options of "${question}" have the same label.`, 'Give each option a label of its own.');
      }
    }
    const asked = questions.map(({ multi_select, ...rest }) => ({ ...rest, multiSelect: multi_select ?? false }));
    const answers = await context.ports.asker.ask(context.callId, asked, context.signal);
    if (!answers) throw new ToolError('Nobody is there to answer.', 'Decide yourself, go on, and say in your reply what you assumed.');
    return {
      content: questions.map((q) => `${q.question}\n${answerTo(q.question, answers)}`).join('\n\n'),
      summary: answers.map(inShort).join('; '),
    };
  },
});

function answerTo(question: string, answers: readonly Answer[]): string {
  const answer = answers.find((a) => a.question === question);
  if (!answer) return 'Not answered: decide yourself and say what you assumed.';
  const parts = [...answer.chosen.map((label) => `Chosen: ${label}`), ...(answer.text ? [`In their words: ${answer.text}`] : [])];
  return parts.join('\n') || 'Not answered: decide yourself and say what you assumed.';
}

const inShort = (answer: Answer) => [...answer.chosen, ...(answer.text ? [answer.text] : [])].join(', ') || 'Not answered';
