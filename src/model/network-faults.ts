import { type ModelErrorKind, messageOf } from '../core/errors';

/** Why no answer came at all: told apart by the codes that Node, undici and the editor's own network stack give. */
export type ConnectionFault = {
  readonly kind: ModelErrorKind;
  readonly message: string;
  readonly next: string;
  readonly retryable: boolean;
};

const CERTIFICATE =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_|HOSTNAME_MISMATCH|INVALID_CA|ERR_CERT_)|^net::ERR_CERT_|^CERTIFICATE_/;
const NOT_TLS = /^(EPROTO|ERR_SSL_)|^net::ERR_SSL_/;
const PROXY = /^net::ERR_(PROXY|TUNNEL)|^UND_ERR_PRX|^ERR_PROXY/;
const NAME = /^(ENOTFOUND|EAI_)|^net::ERR_NAME_/;
const REFUSED = /^ECONNREFUSED|^net::ERR_CONNECTION_REFUSED/;
const TIMED_OUT = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)|^net::ERR_(CONNECTION_)?TIMED_OUT/;
const OFFLINE = /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN)|^net::ERR_(INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|NETWORK_CHANGED)/;
const BAD_URL = /^ERR_INVALID_URL/;

/** Names the fault by the first known code in the chain of causes. Never quotes the address, which may hold a password. */
export function connectionFault(error: unknown, host: string): ConnectionFault {
  const codes = codesOf(error);
  const has = (pattern: RegExp) => codes.find((code) => pattern.test(code));

  const certificate = has(CERTIFICATE);
  if (certificate) {
    return {
      kind: 'certificate',
      message: `The certificate of ${host} cannot be trusted (${certificate.replace('net::', '')}).`,
      next: 'Behind a company proxy, add its root certificate to the system, or name its file in NODE_EXTRA_CA_CERTS and restart.',
      retryable: false,
    };
  }
  if (has(NOT_TLS)) {
    return {
      kind: 'certificate',
      message: `${host} does not answer with TLS.`,
      next: 'If it is a local server, use an address that begins with http:// instead of https://.',
      retryable: false,
    };
  }
  const proxy = has(PROXY);
  if (proxy) {
    return {
      kind: 'network',
      message: `The proxy cannot be used (${proxy.replace('net::', '')}).`,
      next: 'Check the editor setting http.proxy, HTTPS_PROXY and NO_PROXY.',
      retryable: false,
    };
  }
  if (/bad port|ERR_UNSAFE_PORT/i.test(innermost(error))) {
    return {
      kind: 'network',
      message: `The port of ${host} is one that no web address may have: requests to it are never sent.`,
      next: 'Let the server listen on another port, such as 8080, and name that one in the setting plumb.baseUrl or in ANTHROPIC_BASE_URL.',
      retryable: false,
    };
  }
  if (has(BAD_URL) || /invalid url|failed to parse url|unknown scheme/i.test(`${messageOf(error)} ${innermost(error)}`)) {
    return {
      kind: 'network',
      message: 'The address of the model service is not a valid address.',
      next: 'Write it as https://host or http://127.0.0.1:PORT in the setting plumb.baseUrl or in ANTHROPIC_BASE_URL.',
      retryable: false,
    };
  }
  if (/ByteString|invalid header value/i.test(innermost(error))) {
    return {
      kind: 'auth',
      message: 'The API key holds a character that no key has.',
      next: 'Copy it again, without quotes, dashes or spaces that came from a text.',
      retryable: false,
    };
  }
  const retry = (message: string, next: string): ConnectionFault => ({ kind: 'network', message, next, retryable: true });
  if (has(NAME)) return retry(`The address ${host} cannot be found.`, 'Check the network connection, the address and the proxy.');
  if (has(REFUSED)) return retry(`Nothing answers at ${host}.`, 'Check that the server runs and that the address and port are right.');
  if (has(OFFLINE)) return retry(`${host} cannot be reached.`, 'Check the network connection and the proxy.');
  if (has(TIMED_OUT)) {
    const next = 'Check the network connection and the proxy, then try again.';
    return { kind: 'timeout', message: `${host} did not answer in time.`, next, retryable: true };
  }
  const reason = innermost(error);
  // Node tells of a proxy's 407 in this way alone.
  const fault = reason
    ? retry(`The connection to ${host} failed: ${reason}`, 'Try again; if it stays so, check the network connection.')
    : retry(
        `The connection to ${host} failed without a reason.`,
        'Check the network connection, and whether a proxy asks for a user name and password.',
      );
  // Neither a code nor the SDK's word for it: perhaps no network fault at all, and not worth repeating.
  return codes.length > 0 || (error instanceof Error && error.name === 'APIConnectionError') ? fault : { ...fault, retryable: false };
}

/** The codes along `cause` and inside aggregate errors; Chromium gives its code as the message. */
function codesOf(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > 8) return [];
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  const net = /net::ERR_[A-Z_]+/.exec(error.message)?.[0];
  return [
    ...(typeof code === 'string' ? [code] : []),
    ...(net ? [net] : []),
    ...(Array.isArray(errors) ? errors.flatMap((inner) => codesOf(inner, depth + 1)) : []),
    ...codesOf(error.cause, depth + 1),
  ];
}

function innermost(error: unknown): string {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error && at.cause instanceof Error; depth += 1) at = at.cause;
  return messageOf(at);
}
