import { fromMultibase, toBase58 } from './multibase';

/** The multicodec of an Ed25519 public key, as a varint. */
const ED25519 = [0xed, 0x01] as const;
const KEY_BYTES = 32;

/** `did:key` [I1]: the public key itself is the name, so that whoever has the name can check a signature. */
export function didOf(publicKey: Uint8Array): string {
  return `did:key:${toBase58(Uint8Array.from([...ED25519, ...publicKey]))}`;
}

/** The Ed25519 key of a `did:key`; null for any other name. */
export function publicKeyOf(did: string): Uint8Array | null {
  const bytes = did.startsWith('did:key:z') ? fromMultibase(did.slice('did:key:'.length)) : null;
  if (bytes?.length !== ED25519.length + KEY_BYTES || bytes[0] !== ED25519[0] || bytes[1] !== ED25519[1]) return null;
  return bytes.slice(ED25519.length);
}

/** How a proof names the key of a `did:key`. */
export function methodOf(did: string): string {
  return `${did}#${did.slice('did:key:'.length)}`;
}
