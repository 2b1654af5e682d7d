import { checkCacheMarks } from './cache-marks';
import { afterCompaction, applyEdits, dueCompaction, editsOf, type Managed } from './context';
import { checkConversation, checkPrefill } from './conversation';
import { invalid } from './errors';
import { isObject, type JsonObject } from './json';
import { checkPairing } from './pairing';
import { layout, type Position, promptTokens } from './prompt';
import type { WireRequest } from './request';
import { checkReturnedThinking, checkThinkingConfig, type Dropped, thinkingOn } from './thinking';
import { checkTools, forced } from './tool-rules';

/** A request that the service would take, with the prompt that the model gets to see. */
export type Prepared = {
  readonly request: WireRequest;
  readonly prompt: WireRequest;
  readonly positions: readonly Position[];
  readonly originalTokens: number;
  readonly binding: { readonly prefix: string; readonly base: string };
  readonly compaction: 'none' | 'asked' | 'due' | 'due_and_pause';
  /** What betas add to the answer. */
  readonly extra: JsonObject;
};

/** Checks a request as a whole and works out its prompt. @throws WireError 400 for what the service refuses */
export function prepare(request: WireRequest, isPaused: (prefix: string) => boolean): Prepared {
  checkConversation(request);
  checkPairing(request);
  checkTools(request);
  checkThinkingConfig(request);
  checkCacheMarks(request);
  checkOutput(request);
  const readable = checkReturnedThinking(request);
  checkPrefill(request, isPaused(readable.prefix));

  const managed = applyEdits(afterCompaction(readable.request));
  const positions = layout(managed.request);
  const tokens = promptTokens(positions);
  const { window } = request.model;
  if (request.route === 'messages' && tokens > window) throw invalid(`prompt is too long: ${tokens} tokens > ${window} maximum`);
  return {
    request,
    prompt: managed.request,
    positions,
    originalTokens: managed.originalTokens,
    binding: readable,
    compaction: compactionOf(managed.request),
    extra: betaFields(request, managed, readable.dropped),
  };
}

function checkOutput(request: WireRequest): void {
  const { model, params } = request;
  const asked = params.max_tokens;
  if (typeof asked !== 'number') return;
  if (asked > model.maxOutput) {
    throw invalid(`max_tokens: ${asked} > ${model.maxOutput}, which is the maximum allowed number of output tokens for ${model.id}`);
  }
  const format = isObject(params.output_config) && isObject(params.output_config.format);
  const budgeted = isObject(params.thinking) && params.thinking.type === 'enabled' && thinkingOn(request);
  if (asked === 0 && (params.stream === true || budgeted || format || forced(request))) {
    throw invalid('max_tokens: 0 cannot be combined with streaming, enabled thinking, an output format or a forced tool choice');
  }
}

function compactionOf(prompt: WireRequest): Prepared['compaction'] {
  if (isObject(prompt.params.compaction)) {
    if (editsOf(prompt).length > 0 || prompt.params.stop_sequences !== undefined || forced(prompt)) {
      throw invalid('compaction cannot be combined with context_management, stop_sequences or a forced tool choice');
    }
    return 'asked';
  }
  const due = dueCompaction(prompt);
  if (!due) return 'none';
  return due.pauses ? 'due_and_pause' : 'due';
}

function betaFields({ betas }: WireRequest, managed: Managed, dropped: readonly Dropped[]): JsonObject {
  if (betas.size === 0) return {};
  const context = editsOf(managed.request).length > 0 ? { applied_edits: managed.applied } : null;
  const binding = betas.has('thinking-binding-controls-2026-08-01');
  return { context_management: context, ...(binding ? { input_transformations: dropped.length > 0 ? dropped : null } : {}) };
}
