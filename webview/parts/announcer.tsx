import { plural, t } from '../strings';
import type { Standing } from '../view-state';

/** Tells a screen reader of finished messages and of asks, once each; streamed text is never read out. */
export function Announcer({ state }: { state: Standing }) {
  const { said, asks, questions } = state.status;
  const waiting = asks.length + questions.length;
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">
        <span key={said.n}>{said.text}</span>
      </div>
      <div class="visually-hidden" role="alert">
        {waiting > 0 && plural(waiting, 'The agent waits for your answer: {0} prompt', 'The agent waits for your answer: {0} prompts')}
        {asks[0] && ` ${t('{0} {1}', asks[0].title, asks[0].detail)}`}
      </div>
    </>
  );
}
