import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { Button } from '../ui/button';
import { Fold } from '../ui/fold';
import type { Item } from '../view-state';

type Rewound = Extract<Item, { kind: 'rewound' }>;

/** The user went back to an earlier message: what that changed, what it left alone, and the way forward again. */
export function RewoundCard({ item, latest }: { item: Rewound; latest: boolean }) {
  const { post, readOnly, short } = usePanel();
  const { files, left } = item;
  const row = (path: string, text: string) => (
    <div class="quiet" key={path}>
      <button type="button" class="link path" title={path} onClick={() => post({ type: 'open', path })}>
        {short(path)}
      </button>
      {text && ` ${text}`}
    </div>
  );
  return (
    <>
      <Fold
        class="notice"
        head={<span class={left.length > 0 ? 'tone-warning' : 'quiet'}>{headline(item)}</span>}
        empty={files.length + left.length === 0}
        open={left.length > 0}
        body={() => (
          <>
            {files.map(({ path }) => row(path, ''))}
            {left.map(({ path, why }) => row(path, t('left alone: {0}', why)))}
          </>
        )}
      />
      {latest && !item.undone && !readOnly && (
        <div class="actions">
          <Button onClick={() => post({ type: 'redo_rewind' })}>{t('Go forward again')}</Button>
        </div>
      )}
    </>
  );
}

function headline({ what, files, left, undone }: Rewound): string {
  const alone = left.length === 0 ? '' : `, ${plural(left.length, '{0} file left alone', '{0} files left alone')}`;
  const changed = plural(files.length, '{0} file changed', '{0} files changed');
  if (undone) return `${t('Went back, and forward again')}${alone}`;
  switch (what) {
    case 'files':
      return `${t('Files are as they were before that message')}: ${changed}${alone}`;
    case 'conversation':
      return t('The conversation goes on from before that message');
    case 'both':
      return `${t('Files and conversation are as they were before that message')}: ${changed}${alone}`;
  }
}
