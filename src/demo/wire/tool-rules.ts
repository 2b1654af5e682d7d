import { invalid } from './errors';
import { isObject, stringOf } from './json';
import { referencesIn } from './prompt';
import type { WireRequest } from './request';

/** What holds between tools, and between tools and the rest of the request. @throws WireError 400 */
export function checkTools(request: WireRequest): void {
  const { tools, params, model, turns } = request;
  const names = tools.map((tool) => stringOf(tool.name)).filter((name) => name !== '');
  if (new Set(names).size < names.length) throw invalid('tools: Tool names must be unique.');
  if (tools.length > 0 && tools.every((tool) => tool.defer_loading === true)) {
    throw invalid('At least one tool must have defer_loading=false. All tools cannot be deferred.');
  }
  tools.forEach((tool, index) => {
    if (tool.defer_loading === true && !model.serverTools)
      throw invalid(`tools.${index}.custom.defer_loading: Extra inputs are not permitted`);
    if (tool.defer_loading === true && tool.cache_control) {
      throw invalid(`tools.${index}: cache_control cannot be set on a tool with defer_loading=true`);
    }
  });
  for (const block of turns.flatMap((turn) => turn.content)) {
    const lost = referencesIn(block).find((name) => !names.includes(name));
    if (lost !== undefined) {
      throw invalid(`Tool reference '${lost}' not found in available tools`, { error_code: 'tool_reference_unresolved' });
    }
  }

  const choice = isObject(params.tool_choice) ? params.tool_choice : undefined;
  if (!choice) return;
  if (tools.length === 0) throw invalid('tool_choice may only be specified while providing tools.');
  if (forced(request) && !model.forcedChoice) throw invalid('tool_choice: type "tool" and "any" are not supported for this model.');
  if (choice.type === 'tool' && !names.includes(stringOf(choice.name))) {
    throw invalid(`Tool '${stringOf(choice.name)}' not found in provided tools`);
  }
}

/** Whether the model must call a tool. */
export function forced(request: WireRequest): boolean {
  const choice = isObject(request.params.tool_choice) ? request.params.tool_choice.type : undefined;
  return choice === 'any' || choice === 'tool';
}
