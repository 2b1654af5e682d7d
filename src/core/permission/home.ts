import type { Documents } from '../ports';
import { normalize } from './paths';

/** The user's home folder, as the documents read `~`; undefined where they know none, and `~` is a name like any other. */
export async function homeOf(documents: Documents): Promise<string | undefined> {
  try {
    const home = normalize((await documents.resolve('~')).path);
    return home.endsWith('/~') ? undefined : home;
  } catch {
    // No home to speak of: rules and commands that name it are judged as naming a place outside.
    return undefined;
  }
}
