import type { Spec } from '../table';
import { DEVELOPER } from './developer';
import { FILES } from './files';
import { GIT } from './git';
import { SYSTEM } from './system';
import { TEXT } from './text';

const PROGRAMS: ReadonlyMap<string, Spec> = new Map([
  ...Object.entries(FILES),
  ...Object.entries(TEXT),
  ...Object.entries(SYSTEM),
  ...Object.entries(DEVELOPER),
  ['git', GIT] as const,
]);

/** What is known of a program; undefined for one that always asks. */
export function programNamed(name: string): Spec | undefined {
  return PROGRAMS.get(name);
}

export function programNames(): readonly string[] {
  return [...PROGRAMS.keys()];
}
