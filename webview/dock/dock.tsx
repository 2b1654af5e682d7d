import { useEffect, useRef } from 'preact/hooks';
import { usePanel } from '../panel-context';
import type { Standing } from '../view-state';
import { PermissionDock } from './permission';
import { QuestionDock } from './question-form';

/** The one place where the agent waits for the user: the oldest ask, then questions. */
export function Dock({ state }: { state: Standing }) {
  const { readOnly } = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const { asks, questions } = state.status;
  useEffect(() => {
    if (state.focus?.target === 'dock') box.current?.querySelector<HTMLElement>('[data-dock]')?.focus();
  }, [state.focus]);
  const ask = asks[0];
  const question = questions[0];
  if (readOnly || (!ask && !question)) return null;
  return (
    <div class="dock" ref={box}>
      {ask ? (
        <PermissionDock key={ask.askId} ask={ask} of={asks.length + questions.length} trouble={state.troubles.at(-1)?.key} />
      ) : (
        question && <QuestionDock key={question.callId} ask={question} of={questions.length} trouble={state.troubles.at(-1)?.key} />
      )}
    </div>
  );
}
