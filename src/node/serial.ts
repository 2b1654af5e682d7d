/** Runs jobs with the same key one after the other, and others side by side. */
export function createSerial(): <T>(key: string, job: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, job) => {
    const next = (last.get(key) ?? Promise.resolve()).then(job, job);
    const settled = next.then(
      () => undefined,
      () => undefined,
    );
    last.set(key, settled);
    settled.then(() => {
      if (last.get(key) === settled) last.delete(key);
    });
    return next;
  };
}
