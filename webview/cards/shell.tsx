import { usePanel } from '../panel-context';
import { plural, t } from '../strings';
import { Visible } from '../text/visible';
import { CopyButton } from '../ui/copy-button';
import { Scroll } from '../ui/scroll';
import type { ToolItem } from '../view-state';
import { Output } from './output';

/** A command, what it printed (live while it runs) and how it ended. */
export function ShellBody({ item, live }: { item: ToolItem; live: string }) {
  const command = commandOf(item);
  return (
    <div class="shell">
      <div class="shell-command">
        <Scroll class="command" label={t('Command')}>
          <Visible text={command} />
        </Scroll>
        <CopyButton text={command} label={t('Copy command')} />
      </div>
      <Output text={item.output || live} label={t('Output')} />
      <Ending item={item} />
      <Touched item={item} />
    </div>
  );
}

function commandOf(item: ToolItem): string {
  if (item.display?.kind === 'shell') return item.display.command;
  const given = item.input?.command;
  return typeof given === 'string' ? given : item.detail;
}

function Ending({ item }: { item: ToolItem }) {
  if (item.display?.kind !== 'shell') return null;
  const { exitCode, signal, background, timedOut } = item.display;
  if (background) return <div class="card-note">{t('Runs in the background as {0}', background)}</div>;
  if (timedOut) return <div class="card-note tone-warning">{t('Stopped at its time limit')}</div>;
  if (signal) return <div class="card-note tone-warning">{t('Ended by {0}', signal)}</div>;
  if (exitCode === null) return null;
  return <div class={exitCode === 0 ? 'card-note' : 'card-note tone-error'}>{t('Exit code {0}', exitCode)}</div>;
}

/** Named at most; a command may change hundreds of files. */
const NAMED = 20;

/** What the command did to files: a rewind takes these back. */
function Touched({ item }: { item: ToolItem }) {
  const { post, short } = usePanel();
  const { touched } = item;
  if (touched.length === 0) return null;
  const more = touched.length - NAMED;
  return (
    <div class="card-note">
      {plural(touched.length, 'Changed {0} file:', 'Changed {0} files:')}{' '}
      {touched.slice(0, NAMED).map((path, i) => (
        <span key={path}>
          {i > 0 && ', '}
          <button type="button" class="link path" title={path} onClick={() => post({ type: 'open', path })}>
            {short(path)}
          </button>
        </span>
      ))}
      {more > 0 && ` ${t('and {0} more', more)}`}
    </div>
  );
}
