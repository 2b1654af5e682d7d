import { t } from '../strings';
import type { Item } from '../view-state';

/** Questions of the agent and what was answered; until then they stand in the dock. */
export function QuestionCard({ item }: { item: Extract<Item, { kind: 'question' }> }) {
  const { answers } = item;
  if (!answers) return <div class="visually-hidden">{t('The agent asked you something')}</div>;
  return (
    <div class="question-card">
      {item.questions.map((q, i) => {
        const answer = answers.find((a) => a.question === q.question);
        const said = answer ? [...answer.chosen, answer.text ?? ''].filter(Boolean).join(', ') : '';
        return (
          <div key={i} class="question-row">
            <div class="question-text">{q.question}</div>
            <div class="quiet">{said || t('No answer')}</div>
          </div>
        );
      })}
    </div>
  );
}
