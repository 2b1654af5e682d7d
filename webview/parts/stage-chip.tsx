import type { Stage } from '../../src/protocol/stage';
import { stageOf } from '../../src/protocol/stage-of';
import { t } from '../strings';
import type { Standing } from '../view-state';

/** Where the work of this session stands, in a word; none before anything was asked. */
export function StageChip({ state: { status, mode } }: { state: Standing }) {
  if (status.workflow.at === 'idle') return null;
  const stage = stageOf({ workflow: status.workflow, mode, waits: status.asks.length + status.questions.length > 0 });
  return (
    <span class="stage-chip" data-stage={stage} title={t('Where the work stands')}>
      {label(stage)}
    </span>
  );
}

function label(stage: Stage): string {
  switch (stage) {
    case 'planned':
      return t('Planned');
    case 'awaiting_approval':
      return t('Needs you');
    case 'executing':
      return t('Working');
    case 'waiting_on_external':
      return t('Waiting');
    case 'verifying':
      return t('Checking');
    case 'done':
      return t('Done');
    case 'failed':
      return t('Failed');
    case 'cancelled':
      return t('Stopped');
  }
}
