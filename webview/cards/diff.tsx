import type { DiffHunk, FileDiff } from '../../src/protocol/display';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Visible } from '../text/visible';
import { Scroll } from '../ui/scroll';
import type { ToolItem } from '../view-state';

/** `+12 −3` over some files. */
export function Counts({ diffs }: { diffs: readonly Pick<FileDiff, 'added' | 'removed'>[] }) {
  const added = diffs.reduce((sum, d) => sum + d.added, 0);
  const removed = diffs.reduce((sum, d) => sum + d.removed, 0);
  return (
    <span class="counts">
      <span class="visually-hidden">{t('{0} lines added, {1} removed', added, removed)}</span>
      <span class="added" aria-hidden="true">
        +{added}
      </span>
      <span class="removed" aria-hidden="true">
        −{removed}
      </span>
    </span>
  );
}

/** Changed files, line by line. */
export function Diffs({ files }: { files: readonly FileDiff[] }) {
  return (
    <div class="diffs">
      {files.map((file) => (
        <Diff key={file.path} file={file} />
      ))}
    </div>
  );
}

function Diff({ file }: { file: FileDiff }) {
  const { short, post } = usePanel();
  const line = file.hunks[0]?.newStart;
  return (
    <div class="diff">
      <div class="diff-head">
        <button type="button" class="link path" title={file.path} onClick={() => post({ type: 'open', path: file.path, line })}>
          <Visible text={file.from ? `${short(file.from)} → ${short(file.path)}` : short(file.path)} />
        </button>
        {file.kind !== 'edit' && <span class="quiet">{kindName(file.kind)}</span>}
        <Counts diffs={[file]} />
      </div>
      {file.hunks.length > 0 && (
        <Scroll class="diff-lines" label={t('Changed lines')}>
          <div class="diff-sheet">
            {file.hunks.map((hunk, i) => (
              <Hunk key={i} hunk={hunk} first={i === 0} />
            ))}
          </div>
        </Scroll>
      )}
      {file.truncated && <div class="card-note">{t('The rest of this diff is left out here; open the file to see it.')}</div>}
    </div>
  );
}

const LINE_CLASS = { ' ': 'same', '+': 'added', '-': 'removed' } as const;

function Hunk({ hunk, first }: { hunk: DiffHunk; first: boolean }) {
  return (
    <>
      {!first && <div class="diff-gap" />}
      {numbered(hunk).map(({ sign, text, number }, i) => (
        <div key={i} class={`diff-line ${LINE_CLASS[sign]}`}>
          <span class="diff-number">{number}</span>
          <span class="diff-sign">{sign}</span>
          <span class="diff-text">
            <Visible text={text} />
          </span>
        </div>
      ))}
    </>
  );
}

/** Each line with its number: in the old text for a removed one, in the new text otherwise. */
function numbered(hunk: DiffHunk) {
  let old = hunk.oldStart;
  let now = hunk.newStart;
  return hunk.lines.map(([sign, text]) => {
    const number = sign === '-' ? old : now;
    if (sign !== '+') old++;
    if (sign !== '-') now++;
    return { sign, text, number };
  });
}

function kindName(kind: FileDiff['kind']): string {
  switch (kind) {
    case 'edit':
      return t('edited');
    case 'create':
      return t('new');
    case 'delete':
      return t('deleted');
    case 'rename':
      return t('renamed');
  }
}

export function DiffBody({ item }: { item: ToolItem }) {
  return item.display?.kind === 'diff' ? <Diffs files={item.display.files} /> : null;
}
