import type { EventOf } from '../../protocol/events';
import type { Ports } from '../ports';
import { exitNote } from './exits';
import { imageOf } from './images';

/** `ended`: a command came to its end with that code, after whoever started it had died. */
export type Fate =
  | { readonly is: 'did_not_happen' | 'happened' }
  | { readonly is: 'ended'; readonly code: number }
  /** `known`: what can be told all the same, in plain words. */
  | { readonly is: 'unknown'; readonly known: string };

export type World = Pick<Ports, 'documents' | 'store' | 'hash' | 'shell'>;

/**
 * What became of an effect that was announced and has no outcome, told from the world alone [W4]. An effect that lies
 * in its files altogether is told by these: all of them as they were, or all of them as it was to leave them. A command
 * is told by the note that it leaves. Anything between stays unknown.
 */
export async function fateOf(intent: EventOf<'effect_intended'>, world: World): Promise<Fate> {
  const { documents, shell } = world;
  const { preimages, postimages } = intent;
  if (!postimages) {
    const code = (await shell?.noted?.(exitNote(intent.callId, intent.session, world))) ?? null;
    return code === null ? { is: 'unknown', known: NO_NOTE } : { is: 'ended', code };
  }
  const paths = Object.keys(preimages);
  await documents.tidy?.(
    paths,
    paths.filter((path) => preimages[path] === null),
  );
  const { signal } = new AbortController();
  const marks = await Promise.all(paths.map(async (path) => (await imageOf(path, documents, signal)).mark));
  const all = (images: Readonly<Record<string, string | null>>) => paths.every((path, i) => images[path] === marks[i]);
  if (all(preimages)) return { is: 'did_not_happen' };
  if (all(postimages)) return { is: 'happened' };
  const known = paths.map((path, i) => `${path} ${standing(marks[i], preimages[path], postimages[path])}.`).join(' ');
  return { is: 'unknown', known };
}

const NO_NOTE = 'It left no note of its end: it was stopped in the middle, or still runs.';

function standing(now: string | null | undefined, before: string | null | undefined, after: string | null | undefined): string {
  if (now === before) return 'is as it was before';
  if (now === after) return 'is as the call was to leave it';
  return now === null ? 'is gone' : 'is neither as it was before nor as the call was to leave it';
}
