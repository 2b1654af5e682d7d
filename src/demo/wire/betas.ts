import { invalid } from './errors';

/** Names that the `anthropic-beta` header may carry, without their dates where the service took several. */
const KNOWN = new Set(
  `computer-use-2024-10-22 computer-use-2025-01-24 computer-use-2025-11-24 output-128k-2025-02-19 mcp-client-2025-04-04
  mcp-client-2025-11-20 mcp-client-2026-09-15 interleaved-thinking-2025-05-14 code-execution-2025-05-22 context-1m-2025-08-07
  context-management-2025-06-27 model-context-window-exceeded-2025-08-26 fast-mode-2026-02-01 output-300k-2026-03-24
  user-profiles-2026-03-24 user-profiles-2026-08-18 user-profiles-2026-09-04 advisor-tool-2026-03-01 managed-agents-2026-04-01
  thinking-token-count-2026-05-13 server-side-fallback-2026-06-01 server-side-fallback-2026-07-01 fallback-credit-2026-06-01
  fallback-credit-2026-07-01 agent-memory-2026-07-22 mid-conversation-tool-changes-2026-07-01 compact-2026-01-12 compact-2026-09-04
  mcp-tunnels-2026-06-22 structured-outputs-2025-11-13 structured-outputs-2025-12-15 task-budgets-2026-03-13
  thinking-display-updates-2026-08-18 mid-conversation-output-config-2026-07-01 thinking-binding-controls-2026-08-01
  mid-conversation-system-clear-at-2026-08-21 inline-tools-2026-09-15 webhooks-2026-10-07 message-threads-2026-08-12
  message-batches-2024-09-24 prompt-caching-2024-07-31 pdfs-2024-09-25 token-counting-2024-11-01 token-efficient-tools-2025-02-19
  files-api-2025-04-14 extended-cache-ttl-2025-04-11 skills-2025-10-02 cache-diagnosis-2026-04-07 oauth-2025-04-20
  oidc-federation-2026-04-01 user-profiles-billing-2026-10-01`.split(/\s+/),
);

/** The betas of a request. @throws WireError 400 for a name that the service does not know. */
export function betasOf(header: string | string[] | undefined): ReadonlySet<string> {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) {
    throw invalid(`Unexpected value(s) ${unknown.map((name) => `\`${name}\``).join(', ')} for the \`anthropic-beta\` header.`);
  }
  return new Set(names);
}
