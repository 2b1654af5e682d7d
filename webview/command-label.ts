import type { PanelCommand } from '../src/protocol/messages';
import { t } from './strings';

/** What a button says that stands for a command of the editor. */
export function commandLabel(name: PanelCommand): string {
  switch (name) {
    case 'set_key':
      return t('Set API key…');
    case 'set_model':
      return t('Choose another model…');
    case 'settings':
      return t('Settings');
    case 'server':
      return t('Use another server…');
    case 'walkthrough':
      return t('How it works');
    case 'show_log':
      return t('Show log');
    case 'open_in_editor':
      return t('Open in an editor tab');
    case 'open_folder':
      return t('Open a folder…');
    case 'manage_trust':
      return t('Manage trust…');
    default:
      return name satisfies never;
  }
}
