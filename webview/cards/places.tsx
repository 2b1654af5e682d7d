import type { Place } from '../../src/protocol/display';
import { usePanel } from '../panel-context';
import { plural } from '../strings';
import { Visible } from '../text/visible';
import type { ToolItem } from '../view-state';

/** Hits by file; each opens its place. */
export function PlacesBody({ item }: { item: ToolItem }) {
  if (item.display?.kind !== 'places') return null;
  const { places, total } = item.display;
  const more = total - places.length;
  return (
    <div class="places">
      {byFile(places).map(([path, hits]) => (
        <FileHits key={path} path={path} hits={hits} />
      ))}
      {more > 0 && <div class="card-note">{plural(more, '{0} more not shown', '{0} more not shown')}</div>}
    </div>
  );
}

function FileHits({ path, hits }: { path: string; hits: readonly Place[] }) {
  const { short, post } = usePanel();
  const only = hits.length === 1 && !hits[0]?.text ? hits[0] : undefined;
  return (
    <div class="place-file">
      <button
        type="button"
        class="link path"
        title={path}
        onClick={() => post({ type: 'open', path, line: hits[0]?.line, column: hits[0]?.column })}
      >
        <Visible text={short(path)} />
        {only && only.line > 1 && <span class="quiet">:{only.line}</span>}
      </button>
      {!only &&
        hits.map((hit, i) => (
          <button type="button" class="place" key={i} onClick={() => post({ type: 'open', path, line: hit.line, column: hit.column })}>
            <span class="place-line">{hit.line}</span>
            <span class="place-text">
              <Visible text={(hit.text ?? '').trim()} />
            </span>
          </button>
        ))}
    </div>
  );
}

function byFile(places: readonly Place[]): readonly [string, readonly Place[]][] {
  const files = new Map<string, Place[]>();
  for (const place of places) {
    const hits = files.get(place.path);
    if (hits) hits.push(place);
    else files.set(place.path, [place]);
  }
  return [...files];
}
