import { l10n } from 'vscode';
import { ModelError, type ModelErrorKind, messageOf, StoreError, ToolError } from '../../core/errors';
import type { HostMessage, PanelCommand } from '../../protocol/messages';

/** A failure that belongs to no run, with its next step and the buttons for it. */
export function problemOf(error: unknown): HostMessage {
  const text = messageOf(error);
  if (error instanceof ModelError) return { type: 'problem', text, next: error.options.next, actions: actionsFor(error.kind) };
  if (error instanceof StoreError) {
    // Another storage folder may help.
    const elsewhere = error.kind === 'full' || error.kind === 'read_only' || error.kind === 'io';
    return { type: 'problem', text, next: error.next, ...(elsewhere ? { actions: ['settings'] } : {}) };
  }
  if (error instanceof ToolError) return { type: 'problem', text, next: error.next };
  return { type: 'problem', text, next: l10n.t('The log of Plumb says more.'), actions: ['show_log'] };
}

function actionsFor(kind: ModelErrorKind): readonly PanelCommand[] {
  switch (kind) {
    case 'auth':
    case 'billing':
      return ['set_key', 'server'];
    case 'not_found':
      return ['set_model', 'server'];
    case 'network':
    case 'certificate':
    case 'protocol':
    case 'timeout':
      return ['server', 'show_log'];
    case 'invalid':
    case 'too_long':
    case 'too_large':
    case 'rate_limit':
    case 'overloaded':
    case 'server':
    case 'stalled':
      return ['show_log'];
    default:
      return kind satisfies never;
  }
}
