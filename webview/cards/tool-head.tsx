import { duration } from '../format';
import { type Panel, usePanel } from '../panel-context';
import { t } from '../strings';
import { Visible } from '../text/visible';
import { Icon, type IconName } from '../ui/icon';
import { Spinner } from '../ui/spinner';
import type { ToolItem, ToolState } from '../view-state';
import { Counts } from './diff';

/** The one line of a call: what was done, to what, and how it went. */
export function ToolHead({ item }: { item: ToolItem }) {
  const panel = usePanel();
  return (
    <>
      <StateIcon item={item} />
      <span class="verb">{item.title || toolName(item.tool)}</span>
      <span class="object" title={item.detail}>
        <Visible text={objectOf(item, panel)} />
      </span>
      <Result item={item} panel={panel} />
    </>
  );
}

function Result({ item, panel }: { item: ToolItem; panel: Panel }) {
  if (item.state === 'ok' && item.diffs.length > 0) return <Counts diffs={item.diffs} />;
  return <span class={`result is-${item.state}`}>{resultOf(item, panel)}</span>;
}

function resultOf(item: ToolItem, panel: Panel): string {
  switch (item.state) {
    case 'waiting':
      return t('Waiting');
    case 'asked':
      return t('Needs your answer');
    case 'running':
      return '';
    case 'ok':
      return withTime(panel.short(item.summary), item.ms);
    case 'error':
      return withTime(panel.short(item.summary) || t('Failed'), item.ms);
    case 'denied':
      return t('Denied');
    case 'cancelled':
      return t('Cancelled');
    case 'unknown':
      return t('Outcome unknown');
  }
}

/** Only what took noticeably long says how long. */
function withTime(text: string, ms: number): string {
  if (ms < 5000) return text;
  return text ? `${text} · ${duration(ms)}` : duration(ms);
}

const STATE_ICONS: Readonly<Partial<Record<ToolState, IconName>>> = {
  waiting: 'circle',
  asked: 'shield',
  error: 'error',
  denied: 'close',
  cancelled: 'stop',
  unknown: 'ask',
};

function StateIcon({ item }: { item: ToolItem }) {
  if (item.state === 'running') return <Spinner />;
  return <Icon name={STATE_ICONS[item.state] ?? kindIcon(item)} class={`state is-${item.state}`} />;
}

function kindIcon(item: ToolItem): IconName {
  if (item.diffs.length > 0) return 'edit';
  switch (item.display?.kind) {
    case 'shell':
      return 'terminal';
    case 'diff':
      return 'edit';
    case 'places':
      return 'search';
    case 'problems':
      return 'problem';
    case 'file':
      return 'file';
    case 'image':
      return 'image';
    default:
      return item.tool === 'tasks' ? 'tasks' : 'check';
  }
}

function objectOf(item: ToolItem, panel: Panel): string {
  const object = item.detail || mainInput(item.input);
  return panel.short(object).replace(/\n[\s\S]*/, ' …');
}

/** Until a call has been parsed, its input's first telling field stands in. */
function mainInput(input: ToolItem['input']): string {
  for (const name of ['path', 'command', 'pattern', 'query', 'url']) {
    const value = input?.[name];
    if (typeof value === 'string') return value;
  }
  return '';
}

/** `mcp__github__list_issues` is shown as `list issues`. */
export function toolName(tool: string): string {
  const bare = tool.replace(/^mcp__.*?__/, '').replaceAll('_', ' ');
  return bare === '' ? t('Tool') : bare.charAt(0).toUpperCase() + bare.slice(1);
}
