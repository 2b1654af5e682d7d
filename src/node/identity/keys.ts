import { hkdfSync, randomBytes } from 'node:crypto';
import { holdSecret } from '../../core/observe/redact';
import type { Identity, Operator } from '../../core/ports/identity';
import { mlDsa, signerFrom } from './signing';

/** Where the one secret lies that all keys come from. */
export type SecretPlace = {
  /** The secret that is kept there after this: the one that was there already, or `fresh`. */
  take(fresh: string): Promise<string>;
  /** Tells whoever verifies that this operator is one of the user's. */
  introduce(did: string): Promise<void>;
};

/**
 * Every key is made of one secret and of what the key is for, so that nothing is left of the keys of a session that was
 * deleted, and an agent has the same key whenever its session is taken up.
 */
export function createIdentity(place: SecretPlace): Identity {
  let secret: Promise<Buffer> | null = null;
  let operator: Promise<Operator> | null = null;

  const root = () => {
    secret ??= place.take(randomBytes(32).toString('hex')).then((hex) => {
      holdSecret(hex);
      return Buffer.from(hex, 'hex');
    });
    return secret;
  };
  const seedFor = async (purpose: string) => new Uint8Array(hkdfSync('sha256', await root(), '', `plumb/1/${purpose}`, 32));

  async function makeOperator(): Promise<Operator> {
    const signer = signerFrom(await seedFor('operator/ed25519'));
    let pair: Promise<{ readonly publicKey: Uint8Array; readonly secretKey: Uint8Array }> | null = null;
    const keys = () => {
      pair ??= Promise.all([mlDsa(), seedFor('operator/ml-dsa-65')]).then(([{ ml_dsa65 }, seed]) => ml_dsa65.keygen(seed));
      return pair;
    };
    await place.introduce(signer.did);
    return {
      ...signer,
      postQuantum: {
        publicKey: async () => (await keys()).publicKey,
        sign: async (data) => (await mlDsa()).ml_dsa65.sign(data, (await keys()).secretKey),
      },
    };
  }

  return {
    operator() {
      operator ??= makeOperator();
      return operator;
    },
    agent: async (session, name) => signerFrom(await seedFor(`agent/${session}/${name}`)),
  };
}
