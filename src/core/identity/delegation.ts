import type { SignatureCheck } from '../ports/identity';
import { refusalOf, type Use, widens } from './capabilities';
import { type Credential, faultOf } from './credential';

/**
 * Why a chain of credentials does not hold at that moment, from the operator's own down to the agent that acts [I4]: each
 * is signed by the subject of the one before, and gives no more than that one. Null when it holds.
 */
export async function chainFault(chain: readonly Credential[], at: number, check: SignatureCheck): Promise<string | null> {
  for (const [i, credential] of chain.entries()) {
    const { agent, session, capabilities } = credential.credentialSubject;
    const fault = await faultOf(credential, at, check);
    if (fault) return `${agent}: ${fault}`;
    const parent = chain[i - 1];
    if (!parent) continue;
    if (credential.issuer.id !== parent.credentialSubject.id) return `${agent}: its rights are not signed by its parent`;
    if (session !== parent.credentialSubject.session) return `${agent}: its rights are those of another session`;
    const wider = widens(capabilities, parent.credentialSubject.capabilities);
    if (wider) return `${agent}: ${wider}`;
  }
  return chain.length === 0 ? 'there is no credential' : null;
}

/** Why a call may not be made on these credentials: every one of the chain has to cover it. */
export async function callRefusal(chain: readonly Credential[], use: Use, at: number, check: SignatureCheck): Promise<string | null> {
  const fault = await chainFault(chain, at, check);
  if (fault) return fault;
  for (const { credentialSubject } of chain) {
    const refused = refusalOf(credentialSubject.capabilities, use);
    if (refused) return `${credentialSubject.agent}: ${refused}`;
  }
  return null;
}
