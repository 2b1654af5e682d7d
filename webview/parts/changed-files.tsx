import type { PendingFile } from '../../src/protocol/messages';
import { Counts } from '../cards/diff';
import { usePanel } from '../panel-context';
import { baseName, folderOf } from '../paths';
import { plural, t } from '../strings';
import { Fold } from '../ui/fold';
import { IconButton } from '../ui/icon-button';

/** Files whose changes wait for a review, each and all together. */
export function ChangedFiles({ files }: { files: readonly PendingFile[] }) {
  const { post, readOnly } = usePanel();
  if (files.length === 0) return null;
  const head = (
    <>
      <span class="verb">{plural(files.length, '{0} file to review', '{0} files to review')}</span>
      <Counts diffs={files.map((f) => f.diff)} />
    </>
  );
  return (
    <section class="strip changed" aria-label={t('Changed files')}>
      <Fold
        head={head}
        open
        body={() => (
          <ul class="changed-list">
            {files.map((file) => (
              <Row key={file.path} file={file} />
            ))}
          </ul>
        )}
      />
      <div class="strip-actions">
        <IconButton icon="diff" label={t('Review all changes')} onClick={() => post({ type: 'review', action: 'open' })} />
        <IconButton icon="undo" label={t('Undo all')} disabled={readOnly} onClick={() => post({ type: 'review', action: 'undo' })} />
        <IconButton icon="check" label={t('Keep all')} disabled={readOnly} onClick={() => post({ type: 'review', action: 'keep' })} />
      </div>
    </section>
  );
}

function Row({ file }: { file: PendingFile }) {
  const { post, readOnly, short } = usePanel();
  const { path, diff } = file;
  const name = baseName(path);
  return (
    <li class="changed-row">
      <button type="button" class="changed-name" title={path} onClick={() => post({ type: 'review', action: 'open', path })}>
        <span class={`changed-base is-${diff.kind}`}>{name}</span>
        <span class="quiet changed-folder">{folderOf(short(path))}</span>
        <Counts diffs={[diff]} />
      </button>
      <IconButton
        icon="undo"
        label={t('Undo {0}', name)}
        disabled={readOnly}
        onClick={() => post({ type: 'review', action: 'undo', path })}
      />
      <IconButton
        icon="check"
        label={t('Keep {0}', name)}
        disabled={readOnly}
        onClick={() => post({ type: 'review', action: 'keep', path })}
      />
    </li>
  );
}
