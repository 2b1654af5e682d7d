import { t } from './strings';

/** `9 s`, `1 m 12 s`, `2 h 5 m`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? t('{0} m', minutes) : t('{0} m {1} s', minutes, seconds % 60);
  return t('{0} h {1} m', Math.floor(minutes / 60), minutes % 60);
}

/** `850`, `12.3k`, `1.2M`. */
export function tokens(count: number): string {
  if (count < 1000) return String(Math.round(count));
  if (count < 999_500) return `${trim(count / 1000)}k`;
  return `${trim(count / 1_000_000)}M`;
}

/** `45%`; a share that is there is never said to be nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1%';
  return `${Math.round(share * 100)}%`;
}

/** `just now`, `5 m ago`, or the day. */
export function ago(at: number, now: number): string {
  const ms = now - at;
  if (ms < 60_000) return t('just now');
  if (ms < 3_600_000) return t('{0} m ago', Math.floor(ms / 60_000));
  if (ms < 86_400_000) return t('{0} h ago', Math.floor(ms / 3_600_000));
  return new Date(at).toLocaleDateString();
}

function trim(value: number): string {
  return value < 100 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));
}
