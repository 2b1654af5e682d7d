import assert from 'node:assert/strict';
import type { Capabilities } from '../../../../src/core/identity/capabilities';
import { type Claim, type Credential, delegate, faultOf, issueByOperator, zCredential } from '../../../../src/core/identity/credential';
import { callRefusal, chainFault } from '../../../../src/core/identity/delegation';
import { signatureCheck as check } from '../../../../src/node/identity/signing';
import { identityOf } from '../../../support/proven';

const FROM = Date.UTC(2030, 0, 1);
const UNTIL = FROM + 60_000;
const PARENT: Capabilities = { tools: ['edit_file', 'read_file'], modes: ['plan', 'edit'], roots: ['/work'] };
const CHILD: Capabilities = { tools: ['read_file', 'edit_file'], modes: ['edit'], roots: ['/work/docs'] };
const identity = identityOf(3);

const claim = (subject: string, agent: string, capabilities: Capabilities): Claim => ({
  ...{ subject, agent, session: 's', capabilities, from: FROM, until: UNTIL },
});
/** As another program reads it: nothing of what this process knows of it is left. */
const read = (credential: unknown): Credential => zCredential.parse(JSON.parse(JSON.stringify(credential)));

describe('the credential of an agent', function () {
  this.timeout(20_000);
  let credential: Credential;

  before(async () => {
    const agent = await identity.agent('s', 'main');
    credential = await issueByOperator(claim(agent.did, 'main', PARENT), await identity.operator(), check);
  });

  it('holds offline, by both signatures, from its first moment to its last', async () => {
    assert.deepEqual(
      credential.proof.map(({ cryptosuite }) => cryptosuite),
      ['eddsa-jcs-2022', 'mldsa65-jcs-2024'],
    );
    for (const at of [FROM, UNTIL]) assert.equal(await faultOf(read(credential), at, check), null);
    assert.equal(await faultOf(read(credential), FROM - 1, check), 'the credential did not hold yet');
    assert.equal(await faultOf(read(credential), UNTIL + 1, check), 'the credential had expired');
  });

  it('fails by one changed letter of what it says, and by one of either signature', async () => {
    const text = JSON.stringify(credential);
    const changed = [
      text.replace('/work', '/worl'),
      text.replace('"main"', '"maim"'),
      text.replaceAll('"session":"s"', '"session":"t"'),
      text.replace('2030-01-01T00:01', '2031-01-01T00:01'),
    ];
    for (const one of changed) {
      assert.notEqual(one, text);
      assert.match((await faultOf(zCredential.parse(JSON.parse(one)), FROM, check)) ?? '', /signature of the credential does not fit/);
    }
    for (const i of [0, 1]) {
      const proof = credential.proof.map((each, k) => (k === i ? { ...each, proofValue: flipped(each.proofValue) } : each));
      assert.match((await faultOf(read({ ...credential, proof }), FROM, check)) ?? '', /does not fit/, `proof ${i}`);
    }
  });

  it('fails without either signature, with another key beside it, and in the name of another operator', async () => {
    const [first, second] = credential.proof;
    assert.match((await faultOf(read({ ...credential, proof: [first] }), FROM, check)) ?? '', /lacks its ML-DSA-65/);
    assert.match((await faultOf(read({ ...credential, proof: [second] }), FROM, check)) ?? '', /lacks the signature/);
    const { issuer } = credential;
    const { did } = await identityOf(4).operator();
    assert.match((await faultOf(read({ ...credential, issuer: { ...issuer, id: did } }), FROM, check)) ?? '', /does not fit/);
    const publicKeyMultibase = flipped(issuer.postQuantumKey?.publicKeyMultibase ?? '');
    const other = { ...issuer, postQuantumKey: { ...issuer.postQuantumKey, publicKeyMultibase } };
    assert.match((await faultOf(read({ ...credential, issuer: other }), FROM, check)) ?? '', /does not fit/);
  });

  describe('delegated', () => {
    const child = async (capabilities: Capabilities, by = 'main') =>
      delegate(claim((await identity.agent('s', 'child')).did, 'child', capabilities), await identity.agent('s', by), check);
    const use = { tool: 'edit_file', mode: 'edit' as const, writes: ['/work/docs/a.md'], onWord: false };

    it('holds up to the operator, and covers what every link covers', async () => {
      const chain = [read(credential), read(await child(CHILD))];
      assert.equal(await chainFault(chain, FROM, check), null);
      assert.equal(await callRefusal(chain, use, FROM, check), null);
      assert.equal(
        await callRefusal(chain, { ...use, writes: ['/work/a.md'] }, FROM, check),
        "child: it may not change /work/a.md without the user's word",
      );
      assert.equal(
        await callRefusal(chain, { ...use, writes: ['/work/docs2/a'] }, FROM, check),
        "child: it may not change /work/docs2/a without the user's word",
      );
      assert.equal(await callRefusal(chain, { ...use, writes: ['/work/a.md'], onWord: true }, FROM, check), null);
      assert.equal(await callRefusal(chain, { ...use, mode: 'plan' }, FROM, check), 'child: it may not work in plan mode');
      assert.equal(await callRefusal(chain, { ...use, tool: 'shell' }, FROM, check), 'main: it may not use shell');
      assert.match((await callRefusal(chain, use, UNTIL + 1, check)) ?? '', /expired/);
    });

    it('is refused when it widens a right', async () => {
      const wider: readonly Capabilities[] = [
        { ...CHILD, tools: ['read_file', 'shell'] },
        { ...CHILD, modes: ['auto'] },
        { ...CHILD, roots: ['/'] },
        { ...CHILD, roots: ['/workshop'] },
      ];
      for (const each of wider) {
        const chain = [read(credential), read(await child(each))];
        assert.match((await callRefusal(chain, use, FROM, check)) ?? '', /which its parent may not/, JSON.stringify(each));
      }
    });

    it('is refused when somebody else signed it, or when it is taken out of its chain', async () => {
      const foreign = read(await child(CHILD, 'advisor'));
      assert.equal(await chainFault([read(credential), foreign], FROM, check), 'child: its rights are not signed by its parent');
      assert.equal(await chainFault([], FROM, check), 'there is no credential');
      const altered = read(await child(CHILD));
      const more = { ...altered, credentialSubject: { ...altered.credentialSubject, capabilities: PARENT } };
      assert.match((await chainFault([read(credential), more], FROM, check)) ?? '', /does not fit/);
    });
  });
});

function flipped(text: string): string {
  const at = text.length - 10;
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}
