import type { Mode } from '../protocol/permission';
import type { Settings } from '../protocol/settings';

/** Mode and model as picked in the panel while no session exists yet: the next session of this window starts with them. */
export type Picks = {
  readonly mode: Mode | undefined;
  readonly model: string | undefined;
  pickMode(mode: Mode): void;
  pickModel(model: string | undefined): void;
  /** The settings as a new session should see them. */
  over(settings: Settings): Settings;
};

export function createPicks(): Picks {
  let mode: Mode | undefined;
  let model: string | undefined;
  return {
    get mode() {
      return mode;
    },
    get model() {
      return model;
    },
    pickMode: (picked) => {
      mode = picked;
    },
    pickModel: (picked) => {
      model = picked;
    },
    over: (settings) => ({ ...settings, mode: mode ?? settings.mode, model: model ?? settings.model }),
  };
}
