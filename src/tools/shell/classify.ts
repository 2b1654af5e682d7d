import { locate, type Part, type Place, shownPath } from '../../core/permission/locate';
import type { Policy } from '../../core/permission/verdict';
import type { EffectClass } from '../../protocol/permission';
import { assessCommand, type ShellSetting } from './assess';
import { programNamed } from './programs';

/** `must_ask`: it could not be judged as a whole, or it reads what is not everybody's. */
export type CommandClass = EffectClass | 'must_ask';
export type ClassifiedPart = { readonly text: string; readonly class: CommandClass; readonly why: string };
export type Classified = { readonly class: CommandClass; readonly parts: readonly ClassifiedPart[]; readonly why: string };

/**
 * What a command line does, as one word: the judgement that the shell tool makes, with what the path guard says of the files
 * that it reads. Nothing is run.
 */
export async function classifyCommand(command: string, setting: ShellSetting): Promise<Classified> {
  const { subjects } = await assessCommand(command, setting);
  const policy: Policy = { mode: 'ask', rules: [], trusted: true, roots: setting.roots, readable: [] };
  const parts = (await Promise.all(subjects.map((subject) => locate(subject, policy, setting.documents)))).map(classOf);
  const worst = parts.reduce<ClassifiedPart | undefined>(
    (top, part) => (top && RANK[top.class] >= RANK[part.class] ? top : part),
    undefined,
  );
  return worst ? { class: worst.class, parts, why: worst.why } : { class: 'must_ask', parts, why: 'It holds no command.' };
}

const RANK: Readonly<Record<CommandClass, number>> = { read_only: 0, mutating: 1, must_ask: 2, destructive: 3 };

function classOf({ subject, places }: Part): ClassifiedPart {
  const { text, why } = subject;
  if (subject.class === 'destructive') return { text, class: 'destructive', why };
  if (subject.opaque) return { text, class: 'must_ask', why };
  if (subject.class === 'mutating') return { text, class: 'mutating', why };
  // A program with verbs may take settings from the folder that it is led to, so no folder is public to it.
  const open = programNamed(text.split(' ')[0] ?? '')?.sub === undefined;
  const guarded = places.map((place) => guardedRead(place, open)).find((reason) => reason !== undefined);
  return guarded === undefined ? { text, class: 'read_only', why } : { text, class: 'must_ask', why: guarded };
}

/** Why reading this is for a person to allow; undefined for the workspace and for what everybody may see. */
function guardedRead(place: Place, open: boolean): string | undefined {
  if (place.problem !== undefined) return place.problem;
  if (place.secret !== undefined) return `It reads ${shownPath(place)}: ${place.secret}.`;
  if (place.inside || place.touch.names || (open && isPublic(place.literal) && isPublic(place.real))) return undefined;
  return `It reads ${shownPath(place)}, which lies outside the workspace.`;
}

/** Facts of the system, shared documents and headers, temporary files: what is in them is nobody's secret. */
function isPublic(path: string): boolean {
  return PUBLIC.some((shape) => shape.test(path));
}

const PUBLIC: readonly RegExp[] = [
  /^\/etc\/(?:hosts|os-release|lsb-release|debian_version|redhat-release|alpine-release|issue|timezone|services|protocols|shells|resolv\.conf|locale\.conf|environment\.d|fstab|hostname|nsswitch\.conf)$/,
  /^\/proc\/(?:cpuinfo|meminfo|version|loadavg|uptime|mounts|filesystems|stat|diskstats|partitions|swaps|vmstat|interrupts|modules|devices|net\/(?:dev|route|tcp|tcp6|udp))$/,
  /^\/sys\/(?:class|devices|block|module)(?:\/|$)/,
  /^\/usr\/(?:share|include|lib|lib64|bin|local\/(?:share|include|lib|bin))(?:\/|$)/,
  /^\/(?:private\/)?(?:tmp|var\/tmp)(?:\/|$)/,
  /^\/(?:bin|lib|lib64|sbin)(?:\/|$)/,
  /^\/(?:private\/)?var\/log\/(?!auth|secure|audit|btmp|faillog|tallylog)/,
];
