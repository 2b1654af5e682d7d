import { join } from 'node:path';
import { provenStore } from '../core/identity/proven-log';
import { createAssets } from './assets';
import { systemClock } from './clock';
import { sha256 } from './hash';
import { createIdentity, type SecretPlace } from './identity/keys';
import { introduceIn } from './identity/secret-file';
import { signatureCheck } from './identity/signing';
import { createVerifier } from './identity/verifier';
import { locate } from './paths';
import { createProofFiles } from './proof-file';
import { createScan } from './scan';
import { createSearch } from './search';
import { createShell } from './shell';
import { createStore } from './store';
import { createSystemLog } from './system-log';
import { setMode, writable } from './writable';

export type MachineOptions = {
  /** Plumb's own folder. */
  readonly storage: string;
  /** Empty means the platform's own. */
  readonly shellPath: string;
  /** Empty means the editor's own, then the one on PATH. */
  readonly ripgrepPath: string;
  /** Where the editor lies, with its ripgrep. */
  readonly appRoot: string;
  /** Folders with the files that are shipped: grammars. */
  readonly shipped: readonly string[];
  /** Where the secret of this user's keys lies. */
  readonly secret: Pick<SecretPlace, 'take'>;
  onProblem(message: string): void;
};

/** The parts of the harness that this machine gives: its disk, its processes, its clock. */
export function createMachine({ storage, shellPath, ripgrepPath, appRoot, shipped, secret, onProblem }: MachineOptions) {
  const ripgrep = { setting: ripgrepPath, appRoot };
  const shell = createShell({ setting: shellPath, ledger: join(storage, 'processes') });
  return {
    clock: systemClock,
    hash: sha256,
    locate,
    writable,
    setMode,
    store: provenStore(createStore({ folder: storage, clock: systemClock }), {
      identity: createIdentity({ take: secret.take, introduce: introduceIn(storage, 'the editor') }),
      files: createProofFiles(storage),
      check: signatureCheck,
      clock: systemClock,
    }),
    verifier: createVerifier(storage),
    search: createSearch(ripgrep),
    scan: createScan(ripgrep),
    shell,
    asset: createAssets(shipped),
    systemLog: createSystemLog(storage, (error) => onProblem(`The system log can not be written: ${String(error)}`)),
  };
}
