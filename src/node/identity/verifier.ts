import { join } from 'node:path';
import { verificationText } from '../../core/identity/report';
import { type Evidence, type Verification, verifySession } from '../../core/identity/verify';
import { evidenceIn } from '../evidence';
import { sealed } from '../line-sum';
import { agentIn } from '../proof-file';
import { knownOperators } from './secret-file';
import { signatureCheck } from './signing';

export type Verified = { readonly result: Verification; readonly text: string };

/**
 * Checks a session against its signed chain. The word of the operators that were named counts, else of those of this
 * storage, else of the one that the chain begins with.
 */
export async function verify(
  evidence: Evidence,
  storage: string,
  { operators = [], heads = [] }: { readonly operators?: readonly string[]; readonly heads?: readonly string[] } = {},
): Promise<Verified> {
  const known = await knownOperators(storage);
  const trusted = operators.length > 0 ? operators : known.map(({ did }) => did);
  const result = await verifySession(evidence, { check: signatureCheck, seal: sealed, trusted, heads });
  return { result, text: verificationText(result, new Map(known.map(({ did, host }) => [did, host]))) };
}

/** The sessions of one storage folder, by their ids. */
export function createVerifier(storage: string) {
  const folderOf = (session: string) => join(storage, 'sessions', session);
  return {
    /** @throws StoreError */
    verify: async (session: string): Promise<Verified> => verify(await evidenceIn(folderOf(session)), storage),
    /** The agent that signs a session, and whose word it has; null as long as nothing is signed. */
    agentOf: (session: string) => agentIn(folderOf(session)),
  };
}
