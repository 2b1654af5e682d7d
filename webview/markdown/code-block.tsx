import { useRef } from 'preact/hooks';
import { t } from '../strings';
import { CopyButton } from '../ui/copy-button';
import { Scroll } from '../ui/scroll';
import { type Coloured, colour, NO_CODE } from './growing-code';

/** A fenced block: its language, a copy button, and the code, which scrolls sideways rather than wrapping. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  const coloured = useRef<Coloured>(NO_CODE);
  if (coloured.current.code !== code || coloured.current.language !== language) coloured.current = colour(coloured.current, code, language);
  return (
    <div class="code-block">
      <div class="code-head">
        <span class="code-language">{language || t('text')}</span>
        <CopyButton text={code} label={t('Copy code')} />
      </div>
      <Scroll class="code-scroll" label={t('Code')}>
        <pre>
          <code>{coloured.current.shown}</code>
        </pre>
      </Scroll>
    </div>
  );
}
