/** Waits until `check` holds: for what the page does not show, such as a file on disk. */
export async function eventually(what: string, check: () => Promise<boolean> | boolean, patience = 15_000): Promise<void> {
  const end = Date.now() + patience;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${patience / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
