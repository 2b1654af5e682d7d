import type { FileStep } from '../../protocol/event-parts';
import type { Journal } from '../journal';
import { sameState } from './checkpoints';
import { type CopyPorts, keepFile } from './keep-file';
import { fateOf, type World } from './reconcile';

const MISSED = 'Plumb was stopped while a command ran: what it changed besides is not known.';

/** Effects that came to their end though the process died in them: what they did to files is told now, so that it can be taken back. */
export async function noteCutOff(journal: Journal, copies: CopyPorts & { readonly ports: World }): Promise<void> {
  for (const [callId, intent] of journal.state().intended) {
    const { is } = await fateOf(intent, copies.ports);
    if (is !== 'happened' && is !== 'ended') continue;
    const files: FileStep[] = [];
    for (const [path, before] of Object.entries(intent.kept ?? {})) {
      const after = await keepFile(path, copies);
      if (after && !sameState(before, after)) files.push({ path, before, after });
    }
    if (is === 'ended') journal.emit({ type: 'files_changed', callId, by: 'command', files, missed: MISSED });
    else if (files.length > 0) journal.emit({ type: 'files_changed', callId, by: 'tool', files });
  }
}
