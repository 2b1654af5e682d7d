import type { Problem } from '../../src/protocol/display';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Visible } from '../text/visible';
import { Icon } from '../ui/icon';
import type { ToolItem } from '../view-state';

/** Problems as the editor lists them; each opens its place. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  const { short, post } = usePanel();
  return (
    <div class="problems">
      {problems.map((p, i) => (
        <button type="button" class="problem" key={i} onClick={() => post({ type: 'open', path: p.path, line: p.line, column: p.column })}>
          <Icon name={p.severity === 'error' ? 'error' : 'alert'} class={`severity-${p.severity}`} />
          <span class="problem-text">
            <span class="visually-hidden">{severityName(p.severity)}: </span>
            <Visible text={p.message} />
            <span class="quiet problem-place">
              {short(p.path)}:{p.line} {[p.source, p.code].filter(Boolean).join(' ')}
            </span>
            {p.fix && <span class="quiet problem-fix">{t('Quick fix: {0}', p.fix)}</span>}
          </span>
        </button>
      ))}
    </div>
  );
}

function severityName(severity: Problem['severity']): string {
  switch (severity) {
    case 'error':
      return t('Error');
    case 'warning':
      return t('Warning');
    case 'info':
      return t('Information');
    case 'hint':
      return t('Hint');
  }
}

export function ProblemsBody({ item }: { item: ToolItem }) {
  return item.display?.kind === 'problems' ? <ProblemList problems={item.display.problems} /> : null;
}
