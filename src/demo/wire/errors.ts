import type { JsonObject } from './json';

/** The error types of the Messages API and the status each travels with. */
export const STATUS_OF = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
} as const;
export type ErrorType = keyof typeof STATUS_OF;

function isErrorType(value: string): value is ErrorType {
  return Object.hasOwn(STATUS_OF, value);
}

/** The type that goes with a status, for servers that are scripted by status alone. */
export function typeOfStatus(status: number): ErrorType {
  const found = Object.entries(STATUS_OF).find(([, of]) => of === status)?.[0];
  if (found !== undefined && isErrorType(found)) return found;
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}

/** A refusal as the API states it. Thrown by the checks, turned into a response in one place. */
export class WireError extends Error {
  override readonly name = 'WireError';
  constructor(
    readonly type: ErrorType,
    message: string,
    /** `error.details`, such as `{ error_code: 'thread_not_found' }`. */
    readonly details?: JsonObject,
    readonly status: number = STATUS_OF[type],
  ) {
    super(message);
  }
}

/** The commonest refusal. */
export function invalid(message: string, details?: JsonObject): WireError {
  return new WireError('invalid_request_error', message, details);
}

export function errorBody(type: string, message: string, requestId: string, details?: JsonObject): JsonObject {
  return { type: 'error', error: { type, message, ...(details ? { details } : {}) }, request_id: requestId };
}
