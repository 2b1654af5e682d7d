/** The row that a key leads to from the one at hand (-1: none yet), kept inside the list; null when the key is none of a list's. */
export function rowAfter(key: string, at: number, count: number, page?: number): number | null {
  const rows: Readonly<Record<string, number | undefined>> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? count - 1 : at - 1,
    PageDown: page && at + page,
    PageUp: page && at - page,
    Home: 0,
    End: count - 1,
  };
  const row = rows[key];
  return row === undefined ? null : Math.max(0, Math.min(count - 1, row));
}
