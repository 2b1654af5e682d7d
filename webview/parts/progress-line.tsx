import { useEffect, useState } from 'preact/hooks';
import { isRunning, type Workflow } from '../../src/protocol/workflow';
import { duration } from '../format';
import { t } from '../strings';
import { Spinner } from '../ui/spinner';
import type { Status } from '../view-state';

/** What the run is doing, and for how long; the clock runs only while there is something to count. */
export function ProgressLine({ status }: { status: Status }) {
  const { workflow, runningSince } = status;
  const running = isRunning(workflow);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running, workflow.at]);
  if (!running) return null;
  const waits = status.asks.length > 0 || status.questions.length > 0;
  return (
    <div class="progress-line">
      {waits ? null : <Spinner />}
      <span>{waits ? t('Waiting for you') : doing(workflow, now)}</span>
      {runningSince !== null && <span class="quiet">{duration(now - runningSince)}</span>}
    </div>
  );
}

function doing(workflow: Workflow, now: number): string {
  switch (workflow.at) {
    case 'thinking':
      return t('Thinking');
    case 'acting':
      return t('Working');
    case 'checking':
      return t('Checking for problems');
    case 'retrying':
      return t('{0} Trying again in {1} (attempt {2})', workflow.cause, duration(Math.max(0, workflow.until - now)), workflow.attempt);
    case 'idle':
    case 'interrupted':
    case 'ended':
      return '';
  }
}
