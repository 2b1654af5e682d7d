import type { EventOf } from '../../protocol/events';
import type { Documents } from '../ports';
import { imageOf } from './images';

export type Fate = 'did_not_happen' | 'happened' | 'unknown';

/**
 * What became of an effect that was announced and has no outcome, told from the world alone [W4]. Only an effect that
 * lies in its files altogether can be told so: all of them as they were, or all of them as it was to leave them.
 * Anything between, and anything that a command may have done, stays unknown.
 */
export async function fateOf({ preimages, postimages }: EventOf<'effect_intended'>, documents: Documents): Promise<Fate> {
  if (!postimages) return 'unknown';
  const paths = Object.keys(preimages);
  await documents.tidy?.(
    paths,
    paths.filter((path) => preimages[path] === null),
  );
  const { signal } = new AbortController();
  const marks = await Promise.all(paths.map(async (path) => (await imageOf(path, documents, signal)).mark));
  const all = (images: Readonly<Record<string, string | null>>) => paths.every((path, i) => images[path] === marks[i]);
  if (all(preimages)) return 'did_not_happen';
  return all(postimages) ? 'happened' : 'unknown';
}
