import { randomBytes } from 'node:crypto';

export type IdKind = 'msg' | 'toolu' | 'srvtoolu' | 'req';
/** Makes an id that the conversation in `body` does not hold yet. */
export type Ids = (kind: IdKind, body: string) => string;

export const randomIds: Ids = (kind) => `${kind}_01${randomBytes(11).toString('hex')}`;

/** Ids that count up, for texts that are compared; numbers that a conversation holds from an earlier server are skipped. */
export function countedIds(): Ids {
  const next = new Map<IdKind, number>();
  return (kind, body) => {
    let id: string;
    do {
      const number = (next.get(kind) ?? 0) + 1;
      next.set(kind, number);
      id = `${kind}_01${String(number).padStart(8, '0')}`;
    } while (body.includes(`"${id}"`));
    return id;
  };
}
