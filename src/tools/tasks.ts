import { z } from 'zod';
import { ToolError } from '../core/errors';
import { count } from '../core/text/lines';
import { defineTool } from '../core/tool';
import type { Task } from '../protocol/display';

const zEntry = z.strictObject({
  id: z.string().min(1).optional(),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'completed']),
  blocked_by: z.array(z.string()).optional().describe('ids'),
});
type Entry = z.infer<typeof zEntry>;

export const tasks = defineTool({
  name: 'tasks',
  description:
    'Keep the task list that the user sees, for work of three steps or more. Send the whole list each time; ids default to 1, 2, 3... Mark a task completed as soon as it is.',
  input: z.strictObject({ tasks: z.array(zEntry).max(100) }),
  safety: { readOnly: true, retrySafe: true },
  summarize: ({ tasks }) => ({
    title: 'Tasks',
    detail: tasks.find((t) => t.status === 'in_progress')?.title ?? count(tasks.length, 'task'),
  }),
  async run({ tasks: entries }, context) {
    const before = context.tasks();
    const now = named(entries, before);
    checkReferences(now);
    checkClaims(now);
    context.setTasks(now);
    const done = now.filter((t) => t.status === 'completed').length;
    const notes = [freed(before, now), several(now)].filter((note) => note !== '');
    return {
      content: [now.length === 0 ? 'The list is empty now.' : now.map((t) => row(t, now)).join('\n'), ...notes].join('\n'),
      summary: now.length === 0 ? 'No tasks' : `${done} of ${count(now.length, 'task')} completed`,
    };
  },
});

/** Gives each task its id: its own, the one that it had under this title, or the next free number. */
function named(entries: readonly Entry[], before: readonly Task[]): Task[] {
  const taken = new Set(entries.flatMap((e) => (e.id === undefined ? [] : [e.id])));
  const known = entries.map((entry) => {
    const id = entry.id ?? before.find((t) => t.title === entry.title && !taken.has(t.id))?.id;
    if (id !== undefined) taken.add(id);
    return id;
  });
  const ids = known.map((id) => {
    if (id !== undefined) return id;
    let n = 1;
    while (taken.has(`${n}`)) n++;
    taken.add(`${n}`);
    return `${n}`;
  });
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined)
    throw new ToolError(`Two tasks have the id ${twice}; the list is as it was.`, 'Give each task an id of its own, or none.');
  return entries.map((entry, i) => ({
    id: ids[i] ?? '',
    title: entry.title,
    status: entry.status,
    blockedBy: [...new Set(entry.blocked_by ?? [])],
  }));
}

function checkReferences(list: readonly Task[]): void {
  for (const task of list) {
    const unknown = task.blockedBy.find((id) => !list.some((other) => other.id === id));
    if (unknown === undefined) continue;
    throw new ToolError(
      `Task ${task.id} is blocked by ${unknown}, which is not in the list; the list is as it was.`,
      `Use the ids ${list.map((t) => t.id).join(', ')}, or leave out what is no longer needed.`,
    );
  }
  const circle = findCircle(list);
  if (circle)
    throw new ToolError(
      `These tasks block each other: ${circle.join(' -> ')}; the list is as it was.`,
      'Take one blocked_by out of the circle.',
    );
}

/** Ids along a circle of dependencies, or nothing. */
function findCircle(list: readonly Task[]): readonly string[] | undefined {
  const cleared = new Set<string>();
  const follow = (id: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (cleared.has(id)) return undefined;
    for (const next of list.find((t) => t.id === id)?.blockedBy ?? []) {
      const circle = follow(next, [...path, id]);
      if (circle) return circle;
    }
    cleared.add(id);
    return undefined;
  };
  for (const { id } of list) {
    const circle = follow(id, []);
    if (circle) return circle;
  }
  return undefined;
}

/** A task cannot be begun or finished before what blocks it. */
function checkClaims(list: readonly Task[]): void {
  for (const task of list) {
    if (task.status === 'pending') continue;
    const open = blockers(task, list);
    if (open.length === 0) continue;
    throw new ToolError(
      `Task ${task.id} (${task.title}) cannot be ${task.status === 'completed' ? 'completed' : 'in progress'}: it is blocked by ${open.map((t) => `${t.id} (${t.title})`).join(', ')}; the list is as it was.`,
      'Complete what blocks it first, or take it out of blocked_by if it does not block it any more.',
    );
  }
}

function blockers(task: Task, list: readonly Task[]): readonly Task[] {
  return list.filter((other) => task.blockedBy.includes(other.id) && other.status !== 'completed');
}

function row(task: Task, list: readonly Task[]): string {
  const open = blockers(task, list);
  return `${task.id}. [${task.status}] ${task.title}${open.length > 0 ? ` (blocked by ${open.map((t) => t.id).join(', ')})` : ''}`;
}

/** Tasks that waited and need not wait any longer. */
function freed(before: readonly Task[], now: readonly Task[]): string {
  const waiting = new Set(before.filter((t) => blockers(t, before).length > 0).map((t) => t.id));
  const free = now.filter((t) => waiting.has(t.id) && t.status === 'pending' && blockers(t, now).length === 0);
  return free.length > 0 ? `Unblocked: ${free.map((t) => `${t.id} (${t.title})`).join(', ')}.` : '';
}

function several(list: readonly Task[]): string {
  return list.filter((t) => t.status === 'in_progress').length > 1
    ? 'More than one task is in progress: finish one before you begin the next.'
    : '';
}
