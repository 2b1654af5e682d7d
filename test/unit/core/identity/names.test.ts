import assert from 'node:assert/strict';
import { canonicalJson } from '../../../../src/core/identity/canonical';
import { signedBytes } from '../../../../src/core/identity/credential';
import { publicKeyOf } from '../../../../src/core/identity/did-key';
import { fromMultibase, toBase58, toBase64Url } from '../../../../src/core/identity/multibase';
import { signatureCheck, signerFrom } from '../../../../src/node/identity/signing';
import { identityOf } from '../../../support/proven';

describe('canonical JSON (RFC 8785)', () => {
  it('is what the RFC shows for its example', () => {
    const value: unknown = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    assert.equal(
      canonicalJson(value),
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('orders keys by their UTF-16 code units', () => {
    const value: unknown = JSON.parse(
      String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
    );
    const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(order, [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('writes numbers as the RFC lists them, and refuses those that are none', () => {
    const numbers: readonly (readonly [string, string])[] = [
      ['0000000000000000', '0'],
      ['8000000000000000', '0'],
      ['0000000000000001', '5e-324'],
      ['7fefffffffffffff', '1.7976931348623157e+308'],
      ['4340000000000000', '9007199254740992'],
      ['444b1ae4d6e2ef4f', '999999999999999900000'],
      ['444b1ae4d6e2ef50', '1e+21'],
      ['3eb0c6f7a0b5ed8d', '0.000001'],
      ['41b3de4355555557', '333333333.33333343'],
    ];
    for (const [bits, text] of numbers) assert.equal(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE()), text);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, '\ud83d', { '\ude00': 1 }, undefined, [() => 1]])
      assert.throws(() => canonicalJson(bad), TypeError);
  });
});

describe('did:key', () => {
  const ZERO = 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp';

  it('names the published key of the published seed', () => {
    const signer = signerFrom(new Uint8Array(32));
    assert.equal(signer.did, ZERO);
    const key = publicKeyOf(ZERO);
    assert.equal(Buffer.from(key ?? []).toString('hex'), '3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29');
  });

  it('signs as the published vector of RFC 8032 does', () => {
    const seed = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex');
    assert.equal(
      Buffer.from(signerFrom(seed).sign(Buffer.from('72', 'hex'))).toString('hex'),
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
  });

  it('is another for each session, for each agent and for each operator, and the same each time', async () => {
    const one = identityOf(1);
    const dids = [
      (await one.agent('s1', 'main')).did,
      (await one.agent('s2', 'main')).did,
      (await one.agent('s1', 'advisor')).did,
      (await one.operator()).did,
      (await identityOf(2).agent('s1', 'main')).did,
    ];
    assert.equal(new Set(dids).size, dids.length);
    for (const did of dids) assert.equal(publicKeyOf(did)?.length, 32);
    assert.equal((await identityOf(1).agent('s1', 'main')).did, dids[0]);
  });

  it('is no name of another kind, of another length, or with a letter changed to one outside the alphabet', () => {
    for (const bad of ['', 'did:web:a.b', 'did:key:z6Mk', 'did:key:uAAAA', `${ZERO}0`, ZERO.replace('W', '0'), ZERO.slice(0, -1)])
      assert.equal(publicKeyOf(bad), null, bad);
  });

  it('reads back every text of bytes that it wrote, and one text only', () => {
    for (const bytes of [[], [0], [0, 0, 1], [255, 254, 0], Array.from({ length: 64 }, (_, i) => (i * 37) % 256)].map((b) =>
      Uint8Array.from(b),
    ))
      for (const text of [toBase58(bytes), toBase64Url(bytes)]) assert.deepEqual(fromMultibase(text), bytes, text);
    assert.deepEqual(fromMultibase('uAA'), Uint8Array.from([0]));
    assert.equal(fromMultibase('uAB'), null);
    assert.equal(fromMultibase('mAA=='), null);
  });
});

describe('eddsa-jcs-2022', () => {
  it("fits the proof that the W3C's recommendation shows", async () => {
    const document = {
      '@context': ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'],
      id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
      type: ['VerifiableCredential', 'AlumniCredential'],
      name: 'Alumni Credential',
      description: 'A minimum viable example of an Alumni Credential.',
      issuer: 'https://vc.example/issuers/5678',
      validFrom: '2023-01-01T00:00:00Z',
      credentialSubject: { id: 'did:example:abcdefgh', alumniOf: 'The School of Examples' },
    };
    const did = 'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2';
    const config = {
      '@context': document['@context'],
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-jcs-2022',
      created: '2023-02-24T23:36:38Z',
      verificationMethod: `${did}#${did.slice('did:key:'.length)}`,
      proofPurpose: 'assertionMethod',
    };
    const signature = fromMultibase('z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX');
    const key = publicKeyOf(did);
    assert.ok(signature && key);
    assert.equal(await signatureCheck.verify('ed25519', key, signedBytes(document, config, signatureCheck), signature), true);
    const other = { ...document, name: 'Alumni credential' };
    assert.equal(await signatureCheck.verify('ed25519', key, signedBytes(other, config, signatureCheck), signature), false);
  });
});
