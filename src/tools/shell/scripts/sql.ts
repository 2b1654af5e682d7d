/**
 * Why a statement is more than a query; undefined for one that only reads. Functions are those on a list: others write
 * files, end sessions or run programs of the server. Quoted texts are taken out first.
 */
export function sqlReason(text: string): string | undefined {
  // Quotes of two kinds, or signs that quote in one database only, could hide a part.
  if (text.includes('$') || (text.includes("'") && /["`]/.test(text)) || /["`\]]\s*\(/.test(text))
    return 'The statement has quotes that are not judged.';
  const bare = text.replace(/'(?:[^'\\]|'')*'/g, "''").trim();
  if (/^\\(?:d[a-zA-Z]{0,4}\+?|l\+?|conninfo|z|timing)(?: [\w.*"]+)?$/.test(bare)) return undefined;
  if (bare.includes('\\') || /--|\/\*|#/.test(bare)) return 'The statement holds a command or a comment.';
  const one = bare.replace(/;\s*$/, '');
  if (one.includes(';')) return 'It holds several statements.';
  if (!/^(?:select|show|describe|desc|explain|with|values|table|pragma)\b/i.test(one)) return 'The statement is not known to only read.';
  if (/^pragma\b/i.test(one)) {
    const reads =
      /^pragma\s+(?:table_(?:x?info|list)|index_(?:x?info|list)|foreign_key_list|database_list|schema_version|user_version|compile_options|page_count|page_size|integrity_check|quick_check)(?:\(['"\w.]*\))?$/i;
    return reads.test(one) ? undefined : 'The setting could be changed.';
  }
  const word =
    /\b(?:into|insert|update|delete|drop|alter|create|truncate|grant|revoke|merge|replace|call|exec|execute|do|copy|lock|vacuum|analyze|analyse|reindex|set|reset|attach|detach|load|outfile|dumpfile|system|source|nextval|setval|for\s+(?:update|share))\b/i.exec(
      one,
    );
  if (word) return `The statement says ${word[0]}.`;
  const called = [...one.matchAll(/([A-Za-z_][\w.]*)\s*\(/g)].map((match) => (match[1] ?? '').toLowerCase());
  const odd = called.find((name) => !FUNCTIONS.has(name));
  return odd === undefined ? undefined : `The function ${odd} is not known to only read.`;
}

const FUNCTIONS = new Set(
  'count sum avg min max lower upper length coalesce nullif ifnull now current_date current_timestamp date time datetime strftime julianday date_trunc date_part extract to_char to_date age round abs ceil floor trim ltrim rtrim substr substring concat concat_ws string_agg array_agg group_concat json_agg row_number rank dense_rank lag lead over partition in and or not exists any all on using values as distinct cast typeof version database current_database current_user user pg_size_pretty pg_database_size pg_total_relation_size pg_relation_size pg_table_size to_regclass from where by having case when then else end select limit union join like between is datediff date_format unix_timestamp year month day hour minute interval json_extract json_array_length greatest least random char_length mod power sqrt'.split(
    ' ',
  ),
);
