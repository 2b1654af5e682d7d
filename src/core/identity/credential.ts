import { z } from 'zod';
import type { Operator, SignatureCheck, Signer } from '../ports/identity';
import { canonicalJson } from './canonical';
import { type Capabilities, zCapabilities } from './capabilities';
import { methodOf, publicKeyOf } from './did-key';
import { fromMultibase, toBase58, toBase64Url } from './multibase';

/**
 * A W3C verifiable credential [I2]: an issuer states what an agent may do until when. The operator signs an agent's with
 * two keys, an agent what it delegates [I4] with its own. `eddsa-jcs-2022` is the W3C's suite; the other is made in the same
 * way with ML-DSA-65 (FIPS 204), whose key stands in the credential and is signed with it.
 */
const CONTEXT = ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/undefined-terms/v2'];
const SUITES = { ed25519: 'eddsa-jcs-2022', 'ml-dsa-65': 'mldsa65-jcs-2024' } as const;

const zProof = z.strictObject({
  '@context': z.array(z.string()),
  type: z.literal('DataIntegrityProof'),
  cryptosuite: z.enum([SUITES.ed25519, SUITES['ml-dsa-65']]),
  created: z.iso.datetime(),
  verificationMethod: z.string(),
  proofPurpose: z.literal('assertionMethod'),
  proofValue: z.string(),
});
type Proof = z.infer<typeof zProof>;

const zUnsigned = z.strictObject({
  '@context': z.array(z.string()),
  type: z.array(z.string()),
  issuer: z.strictObject({
    id: z.string(),
    /** Only an operator has one. */
    postQuantumKey: z.strictObject({ id: z.string(), type: z.literal('Multikey'), publicKeyMultibase: z.string() }).optional(),
  }),
  validFrom: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  credentialSubject: z.strictObject({ id: z.string(), agent: z.string(), session: z.string(), capabilities: zCapabilities }),
});
type Unsigned = z.infer<typeof zUnsigned>;

export const zCredential = zUnsigned.extend({ proof: z.array(zProof).min(1) });
export type Credential = z.infer<typeof zCredential>;

export type Claim = {
  readonly subject: string;
  readonly agent: string;
  readonly session: string;
  readonly capabilities: Capabilities;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
};

/** States an agent's rights on the operator's word. */
export async function issueByOperator(claim: Claim, operator: Operator, check: Pick<SignatureCheck, 'hash'>): Promise<Credential> {
  const key = await operator.postQuantum.publicKey();
  const id = `${operator.did}#ml-dsa-65`;
  const multikey = toBase64Url(Uint8Array.from([...ML_DSA_65, ...key]));
  const body = bodyOf(claim, { id: operator.did, postQuantumKey: { id, type: 'Multikey', publicKeyMultibase: multikey } });
  const first = signed(body, operator, check);
  const config = proofConfig(body, SUITES['ml-dsa-65'], id);
  const value = toBase64Url(await operator.postQuantum.sign(signedBytes(body, config, check)));
  const credential = { ...body, proof: [first, { ...config, proofValue: value }] };
  sound.add(credential);
  return credential;
}

/** States a child's rights on its parent's word. */
export function delegate(claim: Claim, parent: Signer, check: Pick<SignatureCheck, 'hash'>): Credential {
  const body = bodyOf(claim, { id: parent.did });
  return { ...body, proof: [signed(body, parent, check)] };
}

/** That moment, or the nearest for which the credential holds: a clock may jump between one look at it and the next. */
export function timeIn({ validFrom, validUntil }: Credential, at: number): number {
  return Math.min(Math.max(at, Date.parse(validFrom)), Date.parse(validUntil));
}

/** Why the credential does not hold at that moment; null when it does. Needs nothing but the credential. */
export async function faultOf(credential: Credential, at: number, check: SignatureCheck): Promise<string | null> {
  const { proof, ...body } = credential;
  if (at < Date.parse(body.validFrom)) return 'the credential did not hold yet';
  if (at > Date.parse(body.validUntil)) return 'the credential had expired';
  if (sound.has(credential)) return null;
  const suites = new Set(proof.map(({ cryptosuite }) => cryptosuite));
  if (!suites.has(SUITES.ed25519)) return 'the credential lacks the signature of its issuer';
  if (body.issuer.postQuantumKey && !suites.has(SUITES['ml-dsa-65'])) return 'the credential lacks its ML-DSA-65 signature';
  for (const one of proof) if (!(await holds(body, one, check))) return `the ${one.cryptosuite} signature of the credential does not fit`;
  sound.add(credential);
  return null;
}

/** Credentials whose signatures need no second look: they were made or checked here. Nothing changes them afterwards. */
const sound = new WeakSet<Credential>();

async function holds(body: Unsigned, { proofValue, ...config }: Proof, check: SignatureCheck): Promise<boolean> {
  const signature = fromMultibase(proofValue);
  const key = keyFor(body, config);
  if (!signature || !key || canonicalJson(config['@context']) !== canonicalJson(body['@context'])) return false;
  const algorithm = config.cryptosuite === SUITES.ed25519 ? 'ed25519' : 'ml-dsa-65';
  return check.verify(algorithm, key, signedBytes(body, config, check), signature);
}

function keyFor({ issuer }: Unsigned, { cryptosuite, verificationMethod }: Omit<Proof, 'proofValue'>): Uint8Array | null {
  if (cryptosuite === SUITES.ed25519) return verificationMethod === methodOf(issuer.id) ? publicKeyOf(issuer.id) : null;
  const { postQuantumKey } = issuer;
  const bytes = postQuantumKey?.id === verificationMethod ? fromMultibase(postQuantumKey.publicKeyMultibase) : null;
  return bytes?.[0] === ML_DSA_65[0] && bytes[1] === ML_DSA_65[1] ? bytes.slice(ML_DSA_65.length) : null;
}

/** The multicodec of an ML-DSA-65 public key (0x1211), as a varint. */
const ML_DSA_65 = [0x91, 0x24] as const;

function bodyOf({ subject, agent, session, capabilities, from, until }: Claim, issuer: Unsigned['issuer']): Unsigned {
  return {
    '@context': CONTEXT,
    type: ['VerifiableCredential', 'AgentCredential'],
    issuer,
    validFrom: new Date(from).toISOString(),
    validUntil: new Date(until).toISOString(),
    credentialSubject: { id: subject, agent, session, capabilities },
  };
}

function signed(body: Unsigned, signer: Signer, check: Pick<SignatureCheck, 'hash'>): Proof {
  const config = proofConfig(body, SUITES.ed25519, methodOf(signer.did));
  return { ...config, proofValue: toBase58(signer.sign(signedBytes(body, config, check))) };
}

function proofConfig(body: Unsigned, cryptosuite: Proof['cryptosuite'], verificationMethod: string): Omit<Proof, 'proofValue'> {
  return {
    '@context': body['@context'],
    type: 'DataIntegrityProof',
    cryptosuite,
    created: body.validFrom,
    verificationMethod,
    proofPurpose: 'assertionMethod',
  };
}

/** The hash of the proof's own fields, then that of the document without its proof. */
export function signedBytes(document: object, config: object, { hash }: Pick<SignatureCheck, 'hash'>): Uint8Array {
  const hex = hash(canonicalJson(config)) + hash(canonicalJson(document));
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
