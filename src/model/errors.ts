import { APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import { ModelError, type ModelErrorKind } from '../core/errors';
import { connectionFault } from './network-faults';

/** What an error message may say about the request that failed. */
export type ErrorContext = { readonly host: string; readonly model?: string };

type Verdict = { readonly kind: ModelErrorKind; readonly message: string; readonly next: string; readonly retryable: boolean };

/** Rate limits that no waiting lifts. */
const SPEND_LIMITS: readonly string[] = ['enforced_spend_limit_reached', 'contract_spend_limit_reached'];
const CHECK_KEY = 'Set a key with "Plumb: Set API key", or check ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN.';
const CHECK_ADDRESS = 'Check the address in the setting plumb.baseUrl or in ANTHROPIC_BASE_URL: it must speak the Messages API.';
const CHECK_BILLING = 'Check the plan, the credit and the spend limits of the account behind this key.';
const WAIT = 'Nothing is lost: try again in a moment.';

/** Anything that the SDK or the network throws, as the one error that the core knows. Aborts are the caller's to tell apart. */
export function toModelError(error: unknown, context: ErrorContext): ModelError {
  if (error instanceof ModelError) return error;
  const verdict = judge(error, context);
  const answer = error instanceof APIError ? error : undefined;
  const retryAfterMs = answer?.headers ? retryAfter(answer.headers) : undefined;
  const ordered = answer?.headers?.get('x-should-retry');
  return new ModelError(verdict.kind, verdict.message, {
    next: verdict.next,
    retryable: verdict.kind === 'billing' ? false : ordered === 'true' ? true : ordered === 'false' ? false : verdict.retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(answer?.requestID ? { requestId: answer.requestID } : {}),
    ...(answer?.status === undefined ? {} : { status: answer.status }),
    cause: error,
  });
}

/** The answer was none of the Messages API: a web page, a JSON document, another service. */
export function notTheMessagesApi(host: string, detail: string, status?: number): ModelError {
  return new ModelError('protocol', `${host} does not speak the Messages API: ${detail}`, {
    next: CHECK_ADDRESS,
    retryable: false,
    ...(status === undefined ? {} : { status }),
  });
}

/** The stream ended, or broke, before the model had finished. */
export function streamCut(cause?: unknown): ModelError {
  return new ModelError('network', 'The connection ended before the reply was complete.', { next: WAIT, retryable: true, cause });
}

/** The stream does not follow the API's format. */
export function notUnderstood(detail: string): ModelError {
  return new ModelError('protocol', `The reply cannot be understood: ${detail}`, {
    next: 'Try again; if it stays so, the server speaks the Messages API only in part.',
    retryable: true,
  });
}

/** Nothing arrived for so long that the reply is taken for dead. */
export function silence(ms: number, begun: boolean): ModelError {
  const seconds = Math.round(ms / 100) / 10;
  const next = 'Try again, or raise the setting plumb.idleTimeoutSeconds if this model needs longer.';
  return begun
    ? new ModelError('stalled', `The reply stopped arriving: nothing came for ${seconds} s.`, { next, retryable: true })
    : new ModelError('timeout', `No answer within ${seconds} s.`, { next, retryable: true });
}

function judge(error: unknown, context: ErrorContext): Verdict {
  if (error instanceof APIConnectionTimeoutError) {
    return { kind: 'timeout', message: `${context.host} did not answer in time.`, next: WAIT, retryable: true };
  }
  // A status means that somebody answered; a type alone means an error inside a stream.
  if (error instanceof APIError && (error.status !== undefined || error.type !== null)) return judgeAnswer(error, context);
  return connectionFault(error, context.host);
}

/** What a status says whatever the body; gateways and local servers often answer in another format than the API's. */
const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  407: 'proxy_authentication',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

function judgeAnswer(error: APIError, context: ErrorContext): Verdict {
  const { host } = context;
  const said = error.apiMessage ?? foreignText(error.error);
  const type: string | null = BY_STATUS[error.status ?? 0] ?? error.type;
  if (error.errorCode !== null && SPEND_LIMITS.includes(error.errorCode)) {
    return { kind: 'billing', message: withReason('The spend limit is reached', said), next: CHECK_BILLING, retryable: false };
  }
  switch (type) {
    case 'authentication_error':
      return { kind: 'auth', message: withReason('The service did not accept the API key', said), next: CHECK_KEY, retryable: false };
    case 'permission_error':
      return { kind: 'auth', message: withReason(`${host} refused access`, said), next: CHECK_KEY, retryable: false };
    case 'billing_error':
      return { kind: 'billing', message: withReason(`${host} asks for payment`, said), next: CHECK_BILLING, retryable: false };
    case 'not_found_error':
      return judgeNotFound(said, context);
    case 'proxy_authentication':
      return {
        kind: 'network',
        message: 'The proxy asks for a user name and password.',
        next: 'Set them in the editor setting http.proxy or in HTTPS_PROXY.',
        retryable: false,
      };
    case 'request_too_large':
      return {
        kind: 'too_large',
        message: `The request is larger than ${host} takes.`,
        next: 'Remove large attachments, or go on in a new session.',
        retryable: false,
      };
    case 'rate_limit_error':
      return { kind: 'rate_limit', message: withReason('Too many requests', said), next: WAIT, retryable: true };
    case 'overloaded_error':
      return { kind: 'overloaded', message: 'The service is overloaded.', next: WAIT, retryable: true };
    case 'timeout_error':
      return { kind: 'timeout', message: `${host} ran out of time.`, next: WAIT, retryable: true };
    case 'conflict_error':
      return { kind: 'server', message: withReason(`${host} reports a conflict`, said), next: WAIT, retryable: true };
    default:
      return judgeRest(error, said, host);
  }
}

function judgeRest(error: APIError, said: string, host: string): Verdict {
  const { status } = error;
  const fault = status === undefined ? error.type !== 'invalid_request_error' : status >= 500;
  if (fault)
    return { kind: 'server', message: withReason(`${host} failed${status ? ` (${status})` : ''}`, said), next: WAIT, retryable: true };
  if (said) return judgeInvalid(said);
  return {
    kind: 'protocol',
    message: `${host} does not speak the Messages API: it answered with status ${status}.`,
    next: CHECK_ADDRESS,
    retryable: false,
  };
}

function judgeInvalid(said: string): Verdict {
  // The wording is not promised, yet it is all that tells these apart from a malformed request.
  if (/prompt is too long|context (length|window|size)|maximum context|too many tokens/i.test(said)) {
    return {
      kind: 'too_long',
      message: `The conversation no longer fits the model: ${said}`,
      next: 'Go on in a new session, or choose a model with a larger context window.',
      retryable: false,
    };
  }
  if (/credit balance|spend limit/i.test(said)) return { kind: 'billing', message: said, next: CHECK_BILLING, retryable: false };
  return {
    kind: 'invalid',
    message: `The service refused the request: ${said}`,
    next: 'Another model or effort may take it. If it stays so, start a new session and report this message.',
    retryable: false,
  };
}

function judgeNotFound(said: string, { host, model }: ErrorContext): Verdict {
  if (model !== undefined && (said.includes(model) || /\bmodel\b/i.test(said))) {
    return {
      kind: 'not_found',
      message: `The service has no model "${model}".`,
      next: 'Choose another model: in the panel, in the setting plumb.model, or with --model.',
      retryable: false,
    };
  }
  return { kind: 'not_found', message: `There is no Messages API at this path of ${host}.`, next: CHECK_ADDRESS, retryable: false };
}

/** What a JSON error of another shape says (`{error: "..."}`, `{error: {message}}`, `{message}`); web pages say nothing. */
function foreignText(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { error, message, detail } = body as { error?: unknown; message?: unknown; detail?: unknown };
  const text = typeof error === 'string' ? error : typeof error === 'object' && error !== null ? foreignText(error) : (message ?? detail);
  return typeof text === 'string' ? text.slice(0, 500) : '';
}

function withReason(sentence: string, said: string): string {
  return said ? `${sentence}: ${said}` : `${sentence}.`;
}

function retryAfter(headers: Headers): number | undefined {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
