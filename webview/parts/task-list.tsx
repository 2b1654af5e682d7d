import type { Task } from '../../src/protocol/display';
import { t } from '../strings';
import { Fold } from '../ui/fold';
import { Icon, type IconName } from '../ui/icon';

const ICONS: Readonly<Record<Task['status'], IconName>> = { pending: 'circle', in_progress: 'now', completed: 'check' };

/** The agent's own list of steps; folded it shows how far it is and what it does now. */
export function TaskList({ tasks, running }: { tasks: readonly Task[]; running: boolean }) {
  const done = tasks.filter((task) => task.status === 'completed').length;
  // A list that is done with takes no room once the run is over.
  if (tasks.length === 0 || (done === tasks.length && !running)) return null;
  const now = tasks.find((task) => task.status === 'in_progress');
  const head = (
    <>
      <span class="verb">{t('{0} of {1} tasks', done, tasks.length)}</span>
      <span class="object quiet">{now?.title ?? ''}</span>
    </>
  );
  return (
    <section class="strip tasks" aria-label={t('Tasks')}>
      <Fold
        head={head}
        body={() => (
          <ul class="task-list">
            {tasks.map((task) => (
              <li key={task.id} class={`task-row is-${task.status}`}>
                <Icon name={ICONS[task.status]} />
                <span class="visually-hidden">{statusName(task.status)}: </span>
                <span>{task.title}</span>
              </li>
            ))}
          </ul>
        )}
      />
    </section>
  );
}

function statusName(status: Task['status']): string {
  switch (status) {
    case 'pending':
      return t('To do');
    case 'in_progress':
      return t('In progress');
    case 'completed':
      return t('Done');
  }
}
