/** A failure that the model should read: what happened, and what to do next. Becomes an `is_error` tool result. */
export class ToolError extends Error {
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(message);
    this.name = 'ToolError';
  }
  /** The text as the model gets it. */
  get text(): string {
    return `${this.message}\n${this.next}`;
  }
}

export type ModelErrorKind =
  | 'auth' // no key, wrong key, no permission
  | 'billing' // spend cap, no credit
  | 'not_found' // unknown model or wrong path in the base address
  | 'invalid' // the request was refused as malformed
  | 'too_long' // the prompt does not fit the window
  | 'too_large' // the body is over the size limit
  | 'rate_limit'
  | 'overloaded'
  | 'server'
  | 'network' // no connection, DNS, reset, stream cut
  | 'certificate'
  | 'timeout'
  | 'stalled' // the stream went silent
  | 'protocol'; // the answer is not the Messages API

/** The only error that a `ModelClient` throws, besides an abort. */
export class ModelError extends Error {
  constructor(
    readonly kind: ModelErrorKind,
    message: string,
    readonly options: {
      /** What the user can do about it. */
      readonly next: string;
      /** Worth sending again as it is. */
      readonly retryable: boolean;
      /** From `retry-after`, in milliseconds. */
      readonly retryAfterMs?: number;
      readonly requestId?: string;
      readonly status?: number;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ModelError';
  }
}

/** A failure of the session store: full disk, no permission, held by another window. */
export class StoreError extends Error {
  constructor(
    readonly kind: 'full' | 'read_only' | 'held' | 'gone' | 'damaged' | 'newer' | 'io',
    message: string,
    readonly next: string,
  ) {
    super(message);
    this.name = 'StoreError';
  }
}

/** True for the error that an aborted signal raises, whoever raised it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'APIUserAbortError');
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
