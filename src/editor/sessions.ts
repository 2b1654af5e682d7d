import { amendSession } from '../core/amend';
import { createDesk, type Desk } from '../core/permission/desk';
import type { Ports } from '../core/ports';
import { forkSession } from '../core/recovery/fork';
import type { Standing } from '../core/registry';
import { openSession, startSession } from '../core/session';
import { firstPool } from '../core/session-header';
import type { SessionOptions } from '../core/session-options';
import type { Tool } from '../core/tool';
import type { Connector } from './connector';
import type { KeptState } from './kept-state';
import { createSessionController, type SessionController } from './session-controller';

type Parts = Omit<SessionOptions, 'ports' | 'tools' | 'asksAgain'> & {
  /** Everything that all sessions share; who is asked is each session's own. */
  readonly ports: Omit<Ports, 'approver' | 'asker'>;
  /** Looked up for each session: programs come and go. */
  tools(): Promise<readonly Tool[]>;
  readonly connector: Connector;
  readonly kept: KeptState;
};

/** The sessions of this window, each at a desk of its own, none before it is known which model answers. */
export function createSessions({ connector, kept, ...parts }: Parts): {
  readonly controller: SessionController;
  /** Where each tool stands in the session that is shown, or would in a new one. */
  tools(): Promise<readonly Standing[]>;
} {
  const optionsAt = async (desk: Desk): Promise<SessionOptions> => {
    await connector.ready();
    const ports = { ...parts.ports, approver: desk.approver, asker: desk.asker };
    return { ...parts, ports, tools: await parts.tools(), asksAgain: true };
  };
  const controller = createSessionController({
    store: parts.ports.store,
    newDesk: createDesk,
    start: async (desk) => startSession(await optionsAt(desk)),
    open: async (desk, id) => openSession(await optionsAt(desk), id),
    fork: (events, to, id) => forkSession(parts.ports, events, to, id),
    amend: (id, event) => amendSession(parts.ports, id, event),
    remembered: kept,
  });
  return {
    controller,
    async tools() {
      const shown = controller.shown();
      if (shown.kind === 'live') return shown.live.session.tools();
      return (await firstPool(await optionsAt(createDesk()), parts.settings().model)).pool.standings;
    },
  };
}
