import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Attachment } from '../../src/protocol/blocks';
import type { Completion } from '../../src/protocol/messages';
import { isRunning } from '../../src/protocol/workflow';
import { usePanel } from '../panel-context';
import { t } from '../strings';
import { IconButton } from '../ui/icon-button';
import type { Standing } from '../view-state';
import { Chip } from './chips';
import { droppedUris, longText, takeFiles } from './incoming';
import { completeMention } from './mention';
import { MentionList } from './mention-list';
import { AT_OWN, atEdge, step } from './prompt-history';
import { Queue } from './queue';
import { addTo, useDraft } from './use-draft';
import { useMention } from './use-mention';

/** Where the user writes. Enter sends, Shift+Enter makes a line, `@` mentions, Up and Down fetch earlier prompts. */
export function Composer({ state, blank: blanks }: { state: Standing; blank: number }) {
  const { post, readOnly } = usePanel();
  const [walk, setWalk] = useState(AT_OWN);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [over, setOver] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { draft, set: setDraft, send: sendDraft } = useDraft(state, post, blanks, field);
  const caretTo = useRef<number | null>(null);
  const mention = useMention(state.completions, post);
  const running = isRunning(state.status.workflow);
  const blank = draft.text.trim() === '' && draft.attachments.length === 0;

  useLayoutEffect(() => {
    if (caretTo.current === null) return;
    field.current?.setSelectionRange(caretTo.current, caretTo.current);
    caretTo.current = null;
  });
  useEffect(() => {
    if (state.focus?.target === 'composer') field.current?.focus();
  }, [state.focus]);
  useEffect(() => {
    if (state.insert?.focus) field.current?.focus();
  }, [state.insert]);

  const setText = (text: string, caret: number) => {
    caretTo.current = caret;
    setDraft({ ...draft, text });
  };
  const attach = (more: readonly Attachment[]) => setDraft({ ...draft, attachments: addTo(draft.attachments, more) });
  const send = () => {
    if (blank || readOnly) return;
    sendDraft();
    setWalk(AT_OWN);
    setProblems([]);
    mention.close();
  };
  const choose = (item: Completion) => {
    const done = completeMention(draft.text, field.current?.selectionStart ?? draft.text.length, item.label);
    caretTo.current = done.caret;
    setDraft({ text: done.text, attachments: addTo(draft.attachments, [item.attachment]) });
    mention.close();
  };
  const recall = (direction: 'older' | 'newer'): boolean => {
    const box = field.current;
    if (!box || !atEdge(draft.text, box.selectionStart, box.selectionEnd, direction)) return false;
    const next = step(walk, direction, draft.text, state.history);
    if (!next) return false;
    setWalk(next.walk);
    setText(next.text, direction === 'older' ? 0 : next.text.length);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, its keys are its own; some browsers only say so by the old key code.
    if (event.isComposing || event.keyCode === 229) return;
    if (mention.key(event, choose)) return;
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send();
    } else if (plain && event.key === 'ArrowUp' && recall('older')) event.preventDefault();
    else if (plain && event.key === 'ArrowDown' && recall('newer')) event.preventDefault();
  };
  const take = async (files: readonly File[]) => {
    const taken = await takeFiles(files);
    if (taken.attachments.length > 0) attach(taken.attachments);
    setProblems(taken.problems);
  };
  const onPaste = (event: ClipboardEvent) => {
    const data = event.clipboardData;
    if (!data) return;
    const files = [...data.files];
    const long = longText(data.getData('text/plain'));
    if (files.length === 0 && !long) return;
    event.preventDefault();
    if (files.length > 0) void take(files);
    else if (long) attach([long]);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!event.dataTransfer || readOnly) return;
    const uris = droppedUris(event.dataTransfer);
    if (uris.length > 0) post({ type: 'attach_uris', uris: [...uris] });
    else void take([...event.dataTransfer.files]);
    field.current?.focus();
  };

  return (
    <section class="composer" aria-label={t('Message')}>
      <Queue queue={state.status.queue} />
      {mention.open && <MentionList items={mention.items} active={mention.active} onChoose={choose} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files on; the same is reachable by @ and by the explorer's menu */}
      <div
        class={over ? 'composer-box is-over' : 'composer-box'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        {draft.attachments.length > 0 && (
          <ul class="chips" aria-label={t('Attached')}>
            {draft.attachments.map((attachment, i) => (
              <Chip
                key={i}
                attachment={attachment}
                onRemove={() => {
                  setDraft({ ...draft, attachments: draft.attachments.filter((_, n) => n !== i) });
                  field.current?.focus();
                }}
              />
            ))}
          </ul>
        )}
        <textarea
          ref={field}
          class="composer-text"
          rows={1}
          value={draft.text}
          disabled={readOnly}
          placeholder={running ? t('Add to this run') : t('Ask for a change, @ to mention')}
          aria-label={t('Message to the agent')}
          aria-autocomplete="list"
          aria-controls={mention.open ? 'mentions' : undefined}
          aria-activedescendant={mention.open ? `mention-${mention.active}` : undefined}
          onInput={(event) => {
            const { value, selectionStart } = event.currentTarget;
            setDraft({ ...draft, text: value });
            setWalk(AT_OWN);
            mention.look(value, selectionStart);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={mention.close}
        />
        <div class="composer-actions">
          <IconButton icon="clip" label={t('Mention a file, symbol or problem')} disabled={readOnly} onClick={() => startMention()} />
          <span class="spring" />
          {running && !blank && <IconButton icon="queue" label={t('Queue this message for the next step')} onClick={send} />}
          {running ? (
            <IconButton icon="stop" label={t('Stop')} class="stop" disabled={readOnly} onClick={() => post({ type: 'stop' })} />
          ) : (
            <IconButton icon="send" label={t('Send')} class="send" disabled={blank || readOnly} onClick={send} />
          )}
        </div>
      </div>
      {problems.map((problem) => (
        <div class="composer-problem" role="alert" key={problem}>
          {problem}
        </div>
      ))}
    </section>
  );

  function startMention() {
    const box = field.current;
    if (!box) return;
    const at = box.selectionStart;
    const gap = at === 0 || /\s/.test(draft.text.charAt(at - 1)) ? '' : ' ';
    const text = `${draft.text.slice(0, at)}${gap}@${draft.text.slice(at)}`;
    setText(text, at + gap.length + 1);
    box.focus();
    mention.look(text, at + gap.length + 1);
  }
}
