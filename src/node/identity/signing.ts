import { createPrivateKey, createPublicKey, type KeyObject, sign as signNow, verify as verifyAsync } from 'node:crypto';
import { didOf } from '../../core/identity/did-key';
import type { SignatureCheck, Signer } from '../../core/ports/identity';
import { sha256 } from '../hash';

/** What stands before the 32 bytes of an Ed25519 key in its DER forms. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Keys that were asked for; there are a few in a log. */
const known = new Map<string, KeyObject>();
const MOST_KNOWN = 100;

export const signatureCheck: SignatureCheck = {
  hash: sha256,
  async verify(algorithm, publicKey, data, signature) {
    switch (algorithm) {
      case 'ed25519':
        return signature.length === 64 && verifyEd25519(publicKey, data, signature);
      case 'ml-dsa-65': {
        const { ml_dsa65 } = await mlDsa();
        const { publicKey: keyBytes = 0, signature: signatureBytes = 0 } = ml_dsa65.lengths;
        return publicKey.length === keyBytes && signature.length === signatureBytes && ml_dsa65.verify(signature, data, publicKey);
      }
      default:
        return algorithm satisfies never;
    }
  },
};

/** In another thread, so that thousands of them use all cores and the editor stays answerable. */
function verifyEd25519(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const key = keyObjectOf(publicKey);
  if (!key) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    verifyAsync(null, data, key, signature, (error, holds) => (error ? reject(error) : resolve(holds)));
  });
}

function keyObjectOf(publicKey: Uint8Array): KeyObject | null {
  if (publicKey.length !== 32) return null;
  const name = Buffer.from(publicKey).toString('hex');
  const key = known.get(name) ?? createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  if (known.size < MOST_KNOWN) known.set(name, key);
  return key;
}

/** The signer whose Ed25519 key is made of these 32 bytes. */
export function signerFrom(seed: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { did: didOf(spki.subarray(SPKI.length)), sign: (data) => signNow(null, data, key) };
}

/** Loaded when it is needed: it is large, and most commands sign nothing. */
export function mlDsa(): Promise<typeof import('@noble/post-quantum/ml-dsa.js')> {
  return import('@noble/post-quantum/ml-dsa.js');
}
