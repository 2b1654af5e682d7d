import { useEffect, useState } from 'preact/hooks';
import { t } from '../strings';
import { IconButton } from './icon-button';

const SHOWN_MS = 1500;

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  const said = { idle: label, copied: t('Copied'), failed: t('Could not copy') }[state];
  return <IconButton icon={state === 'copied' ? 'check' : 'copy'} label={said} onClick={copy} class="copy" />;
}
