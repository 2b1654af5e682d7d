import { homeOf } from '../../core/permission/home';
import type { Documents } from '../../core/ports';
import type { ShellKind } from '../../core/ports/shell';
import type { Subject } from '../../core/tool';
import type { EffectClass } from '../../protocol/permission';
import { judgeCmd } from './cmd';
import { type Asset, loadGrammar } from './grammar';
import { judgeLine, unread } from './line';
import { judgePowerShell } from './powershell';
import { realOf, type Scene, UNKNOWN_HOME } from './scene';

export type ShellSetting = {
  readonly shell: ShellKind;
  readonly cwd: string;
  readonly roots: readonly string[];
  readonly asset: Asset;
  readonly documents: Documents;
};

export type CommandAssessment = { readonly class: EffectClass; readonly subjects: readonly Subject[] };

/**
 * What a command line would do, part by part, from a parse of it [B1-B5]. Only what is proved to read is `read_only`;
 * what cannot be read is `opaque`, with the reason. Nothing is run, and nothing but paths is looked at.
 */
export async function assessCommand(command: string, setting: ShellSetting): Promise<CommandAssessment> {
  const scene = await sceneOf(setting);
  const subjects = await judge(command, setting, scene);
  return { class: worst(subjects), subjects };
}

async function sceneOf({ cwd, roots, documents, shell }: ShellSetting): Promise<Scene> {
  const backslashes = shell === 'powershell' || shell === 'cmd';
  const scene: Scene = {
    shell,
    backslashes,
    cwds: [cwd],
    home: (await homeOf(documents)) ?? UNKNOWN_HOME,
    roots,
    documents,
    pipe: [],
    depth: 0,
  };
  return { ...scene, cwds: [await realOf(cwd, scene)] };
}

async function judge(command: string, { shell, asset }: ShellSetting, scene: Scene): Promise<readonly Subject[]> {
  switch (shell) {
    case 'bash':
    case 'zsh':
    case 'sh':
      return judgeLine(command, shell, await loadGrammar(asset), scene);
    case 'powershell':
    case 'cmd': {
      const judged = shell === 'cmd' ? await judgeCmd(command, scene) : await judgePowerShell(command, scene);
      return typeof judged === 'string' ? unread(command, judged, undefined, scene) : judged;
    }
    default:
      return shell satisfies never;
  }
}

function worst(subjects: readonly Subject[]): EffectClass {
  if (subjects.some((subject) => subject.class === 'destructive')) return 'destructive';
  return subjects.length > 0 && subjects.every((subject) => subject.class === 'read_only') ? 'read_only' : 'mutating';
}
