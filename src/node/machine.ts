import { join } from 'node:path';
import { createAssets } from './assets';
import { systemClock } from './clock';
import { sha256 } from './hash';
import { locate } from './paths';
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
  onProblem(message: string): void;
};

/** The parts of the harness that this machine gives: its disk, its processes, its clock. */
export function createMachine({ storage, shellPath, ripgrepPath, appRoot, shipped, onProblem }: MachineOptions) {
  const ripgrep = { setting: ripgrepPath, appRoot };
  const shell = createShell({ setting: shellPath, ledger: join(storage, 'processes') });
  return {
    clock: systemClock,
    hash: sha256,
    locate,
    writable,
    setMode,
    store: createStore({ folder: storage, clock: systemClock }),
    search: createSearch(ripgrep),
    scan: createScan(ripgrep),
    shell,
    asset: createAssets(shipped),
    systemLog: createSystemLog(storage, (error) => onProblem(`The system log can not be written: ${String(error)}`)),
  };
}
