import type { IncomingHttpHeaders } from 'node:http';
import { betasOf } from './betas';
import { invalid, WireError } from './errors';
import { asBlocks, isObject, objectsIn, stringOf } from './json';
import { findModel, type ModelSpec } from './models';
import { turnsOf, type WireRequest } from './request';
import type { Outcome, Threads } from './threads';
import { checkFields } from './validate';

const VERSIONS = ['2023-06-01', '2026-10-21'] as const;
/** The largest body that the service takes. */
export const MAX_BODY = 32 * 1024 * 1024;

/** The key or token of a request. @throws WireError 401 */
export function credentialOf(headers: IncomingHttpHeaders): string {
  const key = headers['x-api-key'];
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const credential = bearer ?? (Array.isArray(key) ? key[0] : key);
  if (!credential) throw new WireError('authentication_error', 'x-api-key header is required');
  return credential;
}

/** The version that a request asks for. @throws WireError 400 */
export function versionOf(headers: IncomingHttpHeaders): string {
  const version = stringOf(headers['anthropic-version']);
  if (version === '') throw invalid('anthropic-version: header is required');
  if (!VERSIONS.some((known) => known === version)) throw invalid(`anthropic-version: ${version} is not a valid version`);
  return version;
}

/** A request let in, and where its thread learns how it went. */
export type Admitted = { readonly request: WireRequest; readonly threadDone: (outcome: Outcome) => void };

/** Reads a request: who asks, in which version, with which betas, of which model; every field by itself is sound. */
export function admit(
  route: WireRequest['route'],
  headers: IncomingHttpHeaders,
  body: Buffer,
  credential: string,
  models: readonly ModelSpec[],
  threads: Threads,
): Admitted {
  const version = versionOf(headers);
  const betas = betasOf(headers['anthropic-beta']);
  const sent = parseBody(body);
  checkFields(sent, route, version, betas);
  const model = findModel(models, stringOf(sent.model));
  const { params, done } = threads.resolve(sent, credential);
  const request: WireRequest = {
    route,
    version,
    betas,
    credential,
    headers,
    params,
    model,
    tools: objectsIn(params.tools),
    system: asBlocks(params.system),
    turns: turnsOf(params.messages),
  };
  return { request, threadDone: done };
}

function parseBody(body: Buffer) {
  if (body.length > MAX_BODY) throw new WireError('request_too_large', 'Request exceeds the maximum size');
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw invalid(`The request body is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) throw invalid('Input should be a valid dictionary');
  return value;
}
