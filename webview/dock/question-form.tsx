import { useEffect, useId, useState } from 'preact/hooks';
import type { Answer, Question } from '../../src/protocol/call-events';
import type { EventOf } from '../../src/protocol/events';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { Button } from '../ui/button';
import { Choices } from '../ui/choices';
import { TextArea } from '../ui/fields';
import { Icon } from '../ui/icon';

type Props = { readonly ask: EventOf<'question_asked'>; readonly of: number; readonly trouble: string | undefined };

/** The agent's questions, one to four, each with choices, a text of one's own, or both. */
export function QuestionDock({ ask, of, trouble }: Props) {
  const { post } = usePanel();
  const id = useId();
  const [answers, setAnswers] = useState<readonly Answer[]>(() => ask.questions.map((q) => ({ question: q.question, chosen: [] })));
  const [sent, setSent] = useState(false);
  useEffect(() => setSent(false), [trouble, ask]);
  const complete = answers.every((a) => a.chosen.length > 0 || (a.text ?? '').trim() !== '');
  const submit = () => {
    if (sent || !complete) return;
    setSent(true);
    post({
      type: 'answer',
      callId: ask.callId,
      answers: answers.map((a) => ({ ...a, chosen: [...a.chosen], text: a.text?.trim() || undefined })),
    });
  };
  const change = (i: number, part: Partial<Answer>) => setAnswers(answers.map((a, n) => (n === i ? { ...a, ...part } : a)));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.repeat || event.isComposing || event.keyCode === 229) return;
    if (event.target instanceof HTMLElement && event.target.closest('vscode-button, button')) return;
    event.preventDefault();
    submit();
  };
  return (
    <div class="ask questions" role="alertdialog" aria-labelledby={`${id}t`} tabIndex={-1} data-dock onKeyDown={onKeyDown}>
      <div class="ask-head">
        <Icon name="ask" />
        <h2 class="ask-title" id={`${id}t`}>
          {ask.questions.length === 1 ? t('The agent has a question') : t('The agent has {0} questions', ask.questions.length)}
        </h2>
        {of > 1 && <span class="quiet">{t('1 of {0}', of)}</span>}
      </div>
      <div class="question-list">
        {ask.questions.map((question, i) => (
          <OneQuestion key={i} question={question} answer={answers[i]} onChange={(part) => change(i, part)} />
        ))}
      </div>
      <div class="actions">
        <Button primary disabled={sent || !complete} onClick={submit}>
          {t('Answer')}
        </Button>
      </div>
    </div>
  );
}

function OneQuestion(props: { question: Question; answer: Answer | undefined; onChange: (part: Partial<Answer>) => void }) {
  const { question, answer, onChange } = props;
  return (
    <div class="one-question">
      {question.header && <div class="question-header">{question.header}</div>}
      <div class="question-text">{question.question}</div>
      {question.options.length > 0 && (
        <Choices
          label={question.question}
          rows={question.options.map((o) => ({ label: o.label, detail: o.description }))}
          many={question.multiSelect}
          chosen={answer?.chosen ?? []}
          onChange={(chosen) => onChange({ chosen: [...chosen] })}
        />
      )}
      <TextArea
        value={answer?.text ?? ''}
        label={t('Your own answer to: {0}', question.question)}
        placeholder={question.options.length > 0 ? t('Something else, or more') : t('Your answer')}
        onInput={(text) => onChange({ text })}
      />
    </div>
  );
}
