import type { Attachment } from '../../src/protocol/blocks';
import { usePanel } from '../panel-context';
import { baseName } from '../paths';
import { t } from '../strings';
import { Icon, type IconName } from '../ui/icon';

type Props = { readonly attachment: Attachment; readonly onRemove?: () => void };

/** A reference that goes with a message: what it is, and where it leads. */
export function Chip({ attachment, onRemove }: Props) {
  const { post, short } = usePanel();
  const { icon, label, path, line } = describe(attachment);
  const title = path ? short(path) : label;
  const inner = (
    <>
      {attachment.kind === 'image' ? (
        <img class="chip-picture" src={`data:${attachment.mediaType};base64,${attachment.data}`} alt="" />
      ) : (
        <Icon name={icon} />
      )}
      <span class="chip-label">{label}</span>
    </>
  );
  return (
    <li class="chip" title={title}>
      {path ? (
        <button type="button" class="chip-open" onClick={() => post({ type: 'open', path, line })}>
          {inner}
        </button>
      ) : (
        <span class="chip-open">{inner}</span>
      )}
      {onRemove && (
        <button type="button" class="chip-remove" aria-label={t('Remove {0}', label)} title={t('Remove')} onClick={onRemove}>
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}

type Look = { readonly icon: IconName; readonly label: string; readonly path?: string; readonly line?: number };

function describe(attachment: Attachment): Look {
  switch (attachment.kind) {
    case 'file': {
      const range = attachment.from === undefined ? '' : `:${attachment.from}${attachment.to === undefined ? '' : `-${attachment.to}`}`;
      return { icon: 'file', label: baseName(attachment.path) + range, path: attachment.path, line: attachment.from };
    }
    case 'folder':
      return { icon: 'folder', label: baseName(attachment.path) };
    case 'symbol':
      return { icon: 'symbol', label: attachment.name, path: attachment.path, line: attachment.line };
    case 'problems':
      return { icon: 'problem', label: attachment.path ? t('Problems in {0}', baseName(attachment.path)) : t('Problems') };
    case 'selection':
      return {
        icon: 'selection',
        label: `${baseName(attachment.path)}:${attachment.from}-${attachment.to}`,
        path: attachment.path,
        line: attachment.from,
      };
    case 'terminal':
      return { icon: 'terminal', label: attachment.name };
    case 'image':
      return { icon: 'image', label: attachment.name };
    case 'text':
      return { icon: 'text', label: attachment.name };
  }
}
