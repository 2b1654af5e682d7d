/** Why a jq filter is more than a filter over its input; undefined for one that only reads it. */
export function jqReason(filter: string): string | undefined {
  if (/\$ENV\b|(?<![.\w"])env\b/.test(filter)) return 'The jq filter reads the environment.';
  if (/(?<![.\w"])(?:import|include|input_filename|system|exec|modulemeta|get_search_list|\$__prog_args)\b/.test(filter)) {
    return 'The jq filter loads other files or runs something.';
  }
  return undefined;
}
