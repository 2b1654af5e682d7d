import type { Disposable } from 'vscode';
import { isRunning } from '../protocol/workflow';
import type { Connector } from './connector';
import type { Picks } from './picks';
import type { SessionController } from './session-controller';

/**
 * When another service answers from now on, sessions whose model it does not have go on with its first one: a session
 * begun on the offline demo goes on with the real model once a key is set. A model named in the settings is left alone.
 */
export function followModels(connector: Connector, controller: SessionController, picks: Picks, configured: () => string): Disposable {
  const stop = connector.onChange(() => {
    const offered = connector.state().choices.map((choice) => choice.id);
    const [first] = offered;
    if (!first) return;
    const demo = connector.state().connection.kind === 'demo';
    const missing = (model: string) => (demo || model !== configured()) && !offered.includes(model);
    if (picks.model && missing(picks.model)) picks.pickModel(undefined);
    for (const { session } of controller.live()) {
      const { model, workflow } = session.state();
      if (missing(model) && !isRunning(workflow)) session.setModel((demo ? '' : configured()) || first, 'unavailable');
    }
  });
  return { dispose: stop };
}
