/**
 * What is known of files by their paths, as it stood at one moment. A fold makes one of these for each file that is
 * read, and old ones stay valid for a rewind: so they share one trail that only grows, and each says how far it reaches.
 */
export type Seen = {
  get(path: string): string | undefined;
  /** What was noted last comes first. */
  newest(): Iterable<readonly [path: string, word: string]>;
  /** The same with these noted after all others; an empty word takes a path out. */
  with(files: Readonly<Record<string, string>>): Seen;
};

type Trail = {
  readonly notes: { readonly path: string; readonly word: string }[];
  /** Where in the trail each path stands, in order. */
  readonly places: Map<string, number[]>;
};

/** A trail may be twice as long as what it holds, and this much more, before it is begun anew. */
const SPARE = 64;

export const NOTHING_SEEN: Seen = seenOn(emptyTrail(), 0);

function seenOn(trail: Trail, length: number): Seen {
  const placeOf = (path: string) => trail.places.get(path)?.findLast((place) => place < length);
  const seen: Seen = {
    get(path) {
      const place = placeOf(path);
      return (place !== undefined && trail.notes[place]?.word) || undefined;
    },
    *newest() {
      for (let place = length - 1; place >= 0; place--) {
        const note = trail.notes[place];
        if (note && note.word !== '' && placeOf(note.path) === place) yield [note.path, note.word];
      }
    },
    with(files) {
      // Only the newest may write on; whoever goes on from an older one gets a trail of its own.
      const newest = length > 0 && trail.notes.length === length;
      const own = newest && length <= 2 * trail.places.size + SPARE ? trail : trailOf(seen);
      for (const [path, word] of Object.entries(files)) note(own, path, word);
      return seenOn(own, own.notes.length);
    },
  };
  return seen;
}

function emptyTrail(): Trail {
  return { notes: [], places: new Map() };
}

function trailOf(seen: Seen): Trail {
  const trail = emptyTrail();
  for (const [path, word] of [...seen.newest()].reverse()) note(trail, path, word);
  return trail;
}

function note({ notes, places }: Trail, path: string, word: string): void {
  const known = places.get(path);
  if (known) known.push(notes.length);
  else places.set(path, [notes.length]);
  notes.push({ path, word });
}
