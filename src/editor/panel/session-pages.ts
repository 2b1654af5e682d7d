import * as vscode from 'vscode';
import type { PanelMessage } from '../../protocol/messages';
import type { SessionController } from '../session-controller';
import type { Page } from './host';
import { rowOf } from './rows';

type SessionMessage = Extract<
  PanelMessage,
  {
    type:
      | 'rewind'
      | 'redo_rewind'
      | 'fork'
      | 'list_sessions'
      | 'new_session'
      | 'open_session'
      | 'rename_session'
      | 'delete_session'
      | 'export_session';
  }
>;

/** The pages' lists of sessions, and what they do with whole sessions. */
export type SessionPages = { handle(message: SessionMessage, page: Page): Promise<void>; detach(page: Page): void };

export function createSessionPages(controller: SessionController): SessionPages {
  /** What each page last searched its list for. */
  const listed = new Map<Page, string>();

  async function list(page: Page, query: string): Promise<void> {
    const rows = (await controller.list(query)).map((info) => rowOf(info, controller));
    page.post({ type: 'sessions', query, rows });
  }

  /** A session got another name or is gone: open lists show it at once. */
  async function listAgain(): Promise<void> {
    for (const [page, query] of listed) await list(page, query);
  }

  return {
    async handle(message, page) {
      switch (message.type) {
        case 'rewind':
          return void (await vscode.commands.executeCommand('plumb.rewind', message.to));
        case 'redo_rewind':
          return void (await vscode.commands.executeCommand('plumb.redoRewind'));
        case 'fork':
          return void (await vscode.commands.executeCommand('plumb.fork', message.to));
        case 'list_sessions':
          listed.set(page, message.query);
          return list(page, message.query);
        case 'new_session': {
          const started = controller.startNew();
          page.post({ type: 'focus', target: 'composer' });
          return started;
        }
        case 'open_session':
          return controller.show(message.session);
        case 'rename_session':
          await controller.rename(message.session, message.title);
          return listAgain();
        case 'delete_session':
          await vscode.commands.executeCommand('plumb.deleteSession', message.session);
          return listAgain();
        case 'export_session':
          return void (await vscode.commands.executeCommand('plumb.exportSession', message.session));
        default:
          return message satisfies never;
      }
    },
    detach: (page) => void listed.delete(page),
  };
}
