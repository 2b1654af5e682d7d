import type { FileStep } from '../../protocol/events';
import type { Journal } from '../journal';
import { sameState } from './checkpoints';
import { type CopyPorts, keepFile } from './keep';
import { fateOf } from './reconcile';

/** Effects that happened whole though the process died in them: what they did to files is told now, so that it can be taken back. */
export async function noteCutOff(journal: Journal, copies: CopyPorts): Promise<void> {
  for (const [callId, intent] of journal.state().intended) {
    if (!intent.kept || (await fateOf(intent, copies.ports.documents)) !== 'happened') continue;
    const files: FileStep[] = [];
    for (const [path, before] of Object.entries(intent.kept)) {
      const after = await keepFile(path, copies);
      if (after && !sameState(before, after)) files.push({ path, before, after });
    }
    if (files.length > 0) journal.emit({ type: 'files_changed', callId, by: 'tool', files });
  }
}
