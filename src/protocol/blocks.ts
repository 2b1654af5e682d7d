import { z } from 'zod';

/**
 * What a message is made of, as the log keeps it and the model adapter sends it.
 * Assistant blocks are kept whole (`looseObject`): signed thinking must go back byte for byte.
 */

const zTextBlock = z.looseObject({ type: z.literal('text'), text: z.string() });
const zThinkingBlock = z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() });
const zRedactedThinkingBlock = z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() });
export const zToolUseBlock = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** The raw text when the model sent input that is no JSON object; never sent back. */
  malformed: z.string().optional(),
});
/** A block type this version does not know: carried, never interpreted. */
const zOtherBlock = z.object({ type: z.literal('other'), raw: z.looseObject({ type: z.string() }) });

export const zAssistantBlock = z.discriminatedUnion('type', [
  zTextBlock,
  zThinkingBlock,
  zRedactedThinkingBlock,
  zToolUseBlock,
  zOtherBlock,
]);
export type AssistantBlock = z.infer<typeof zAssistantBlock>;
export type ToolUseBlock = z.infer<typeof zToolUseBlock>;

const zText = z.object({
  type: z.literal('text'),
  text: z.string(),
  /** In a result: the text defines this tool, which had been offered by name only. */
  tool: z.string().optional(),
});
export const zImage = z.object({
  type: z.literal('image'),
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  /** Base64, without a data: prefix. */
  data: z.string(),
});
/** What a person, a tool or the harness puts before the model. */
export const zContent = z.discriminatedUnion('type', [zText, zImage]);
export type Content = z.infer<typeof zContent>;
export type ImageContent = z.infer<typeof zImage>;

/** A reference that the user attached to a message: shown as a chip, expanded into `Content` when sent. */
export const zAttachment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string(), from: z.number().int().optional(), to: z.number().int().optional() }),
  z.object({ kind: z.literal('folder'), path: z.string() }),
  z.object({ kind: z.literal('symbol'), path: z.string(), name: z.string(), line: z.number().int() }),
  z.object({ kind: z.literal('problems'), path: z.string().optional(), text: z.string().optional() }),
  z.object({
    kind: z.literal('selection'),
    path: z.string(),
    from: z.number().int(),
    to: z.number().int(),
    text: z.string(),
  }),
  z.object({ kind: z.literal('terminal'), name: z.string(), text: z.string() }),
  z.object({ kind: z.literal('image'), name: z.string(), mediaType: zImage.shape.mediaType, data: z.string() }),
  z.object({ kind: z.literal('text'), name: z.string(), text: z.string() }),
]);
export type Attachment = z.infer<typeof zAttachment>;
