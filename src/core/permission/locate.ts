import { messageOf } from '../errors';
import type { Documents } from '../ports';
import type { Subject, Touch } from '../tool';
import { below, normalize } from './paths';
import { type Guard, guardRead, guardWrite } from './protected';
import type { Policy } from './verdict';

/** Where one touched path really lies, links followed. */
export type Place = {
  readonly touch: Touch;
  readonly literal: string;
  readonly real: string;
  /** Inside a workspace root, or for reads in a folder that the policy opens. */
  readonly inside: boolean;
  readonly guard?: Guard;
  readonly secret?: string;
  /** The path cannot be resolved: a device, a network share, a hidden NUL. */
  readonly problem?: string;
};

/** One part of a call with its paths resolved. */
export type Part = { readonly subject: Subject; readonly places: readonly Place[] };

const MOST_PATHS = 200;

/** Resolves every path that a subject touches: rules judge the real file, not its spelling. */
export async function locate(subject: Subject, policy: Policy, documents: Documents): Promise<Part> {
  const places = await Promise.all(subject.touches.slice(0, MOST_PATHS).map((touch) => place(touch, policy, documents)));
  if (subject.touches.length <= MOST_PATHS) return { subject, places };
  return { subject: { ...subject, opaque: true, why: `It names more than ${MOST_PATHS} paths.` }, places };
}

async function place(touch: Touch, policy: Policy, documents: Documents): Promise<Place> {
  let resolved: { path: string; real: string; inside: boolean };
  try {
    resolved = await documents.resolve(touch.path);
  } catch (error) {
    return { touch, literal: touch.path, real: touch.path, inside: false, problem: messageOf(error) };
  }
  const literal = normalize(resolved.path);
  const real = normalize(resolved.real);
  const inside = resolved.inside || (touch.access === 'read' && policy.readable.some((folder) => below(real, folder) !== undefined));
  if (touch.access === 'read') {
    return { touch, literal, real, inside, secret: touch.names ? undefined : (guardRead(literal) ?? guardRead(real)) };
  }
  const guards = [guardWrite(literal, policy.roots), guardWrite(real, policy.roots)];
  const guard = guards.find((g) => g?.effect === 'deny') ?? guards.find((g) => g !== undefined);
  return { touch, literal, real, inside, guard };
}

/** A path as the prompt shows it: the real target is named when a link hides it. */
export function shownPath(place: Place): string {
  return place.literal === place.real ? place.real : `${place.literal} → ${place.real}`;
}
