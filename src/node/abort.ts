/** The error that every port rejects with once its signal has fired. */
export function abortError(): Error {
  return new DOMException('The operation was cancelled.', 'AbortError');
}

/** @throws AbortError when the signal has fired, whatever reason it carries. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError();
}
