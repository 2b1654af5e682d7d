import { parseArgs } from 'node:util';
import { publicKeyOf } from '../core/identity/did-key';
import { filled, UsageError } from './usage';

/** Checks a session against its signed chain. */
export type VerifyArgs = {
  readonly kind: 'verify';
  /** A session id, the beginning of one, `last`, or a path. */
  readonly target: string;
  /** Where the chain lies when it is not beside the log. */
  readonly proof?: string;
  /** DIDs whose word counts; none: those of the storage folder. */
  readonly operators: readonly string[];
  /** Hashes of the chain's head that were noted elsewhere. */
  readonly heads: readonly string[];
  readonly json: boolean;
  readonly storage?: string;
};
/** Null: help is wanted. @throws UsageError */
export function readVerify(argv: readonly string[]): VerifyArgs | null {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      proof: { type: 'string' },
      operator: { type: 'string', multiple: true },
      head: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      storage: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) return null;
  const [target, more] = positionals;
  if (!target || more !== undefined) throw new UsageError('plumb verify takes one session or one file.');
  const bad = values.operator?.find((did) => publicKeyOf(did) === null);
  if (bad !== undefined) throw new UsageError(`--operator ${JSON.stringify(bad)} is no did:key of an Ed25519 key.`);
  const heads = (values.head ?? []).map((hash) => hash.toLowerCase());
  const odd = heads.find((hash) => !/^[0-9a-f]{64}$/.test(hash));
  if (odd !== undefined) throw new UsageError(`--head ${JSON.stringify(odd)} is no SHA-256 in hexadecimal.`);
  return {
    kind: 'verify',
    target,
    proof: filled('--proof', values.proof),
    operators: values.operator ?? [],
    heads,
    json: values.json ?? false,
    storage: filled('--storage', values.storage),
  };
}
