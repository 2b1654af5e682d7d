import type { LogFilter } from '../../src/protocol/system-log';

export const NO_FILTER: LogFilter = { session: '', kind: '', level: 'info', text: '', call: '' };

/** What the page had set before it was reloaded; anything else is no filter. */
export function filterFrom(saved: unknown): LogFilter {
  if (typeof saved !== 'object' || saved === null) return NO_FILTER;
  const part = (name: keyof LogFilter) => {
    const value = Object.entries(saved).find(([key]) => key === name)?.[1];
    return typeof value === 'string' ? value : '';
  };
  const level = part('level');
  return {
    session: part('session'),
    kind: part('kind'),
    level: level === 'warn' || level === 'error' ? level : 'info',
    text: part('text'),
    call: part('call'),
  };
}

export function isFiltered(filter: LogFilter): boolean {
  return filter.level !== 'info' || [filter.session, filter.kind, filter.text, filter.call].some((part) => part !== '');
}
