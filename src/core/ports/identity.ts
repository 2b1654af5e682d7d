/** Who signs, and the arithmetic of signatures. Data and signatures are bytes; the names of keys are DIDs. */

export type Algorithm = 'ed25519' | 'ml-dsa-65';

/** Needs no key of ours: whoever has a log can check it. */
export interface SignatureCheck {
  /** SHA-256, hex. */
  hash(data: string): string;
  /** False also for a key or a signature that is none. */
  verify(algorithm: Algorithm, publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** One Ed25519 key and its name. */
export interface Signer {
  readonly did: string;
  sign(data: Uint8Array): Uint8Array;
}

/** The person on whose word agents act: their key signs what an agent may do, beside it one that no quantum computer breaks. */
export interface Operator extends Signer {
  readonly postQuantum: { publicKey(): Promise<Uint8Array>; sign(data: Uint8Array): Promise<Uint8Array> };
}

export interface Identity {
  operator(): Promise<Operator>;
  /** The same key each time for the same agent of the same session, and another for any other. */
  agent(session: string, name: string): Promise<Signer>;
}
