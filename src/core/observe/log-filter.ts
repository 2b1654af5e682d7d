import type { LogFilter, SystemRecord } from '../../protocol/system-log';

const LEVELS = ['info', 'warn', 'error'] as const;

/** Whether a record passes: every part that is set must fit, and every word of the text must be somewhere in it. */
export function logFilter(filter: LogFilter): (record: SystemRecord) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const least = LEVELS.indexOf(filter.level);
  const call = filter.call.trim();
  return (record) => {
    if (filter.session && !record.session.startsWith(filter.session)) return false;
    if (filter.kind && record.kind !== filter.kind) return false;
    if (LEVELS.indexOf(record.level) < least) return false;
    if (call && !record.call?.includes(call)) return false;
    if (words.length === 0) return true;
    const text = `${record.kind} ${record.text} ${Object.values(record.data).join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
