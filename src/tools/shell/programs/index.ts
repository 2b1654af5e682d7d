import type { Spec } from '../table';
import { ARCHIVES } from './archives';
import { CHECKS } from './checks';
import { CLOUDS } from './clouds';
import { DEVELOPER } from './developer';
import { FILES } from './files';
import { GIT } from './git';
import { MACHINE } from './machine';
import { MORE_TEXT } from './more-text';
import { PACKAGES } from './packages';
import { SYSTEM } from './system';
import { TEXT } from './text';
import { VERSIONS } from './versions';

const PROGRAMS: ReadonlyMap<string, Spec> = new Map([
  // What is known of a program besides its version comes later, and counts.
  ...Object.entries(VERSIONS),
  ...Object.entries(FILES),
  ...Object.entries(TEXT),
  ...Object.entries(SYSTEM),
  ...Object.entries(DEVELOPER),
  ...Object.entries(ARCHIVES),
  ...Object.entries(MACHINE),
  ...Object.entries(MORE_TEXT),
  ...Object.entries(CLOUDS),
  ...Object.entries(PACKAGES),
  ...Object.entries(CHECKS),
  ['git', GIT] as const,
]);

/** What is known of a program; undefined for one that always asks. */
export function programNamed(name: string): Spec | undefined {
  return PROGRAMS.get(name);
}

export function programNames(): readonly string[] {
  return [...PROGRAMS.keys()];
}
