import { programOf } from './destructive';
import type { Word } from './tokenize';

/** What a command carries inside: a line for another shell, or the words of another command. */
export type Carried = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'words'; readonly words: readonly Word[] };

const SHELLS = /^(?:ba|z|da|k|a|mk)?sh$|^busybox$/;

/** The commands inside a command, so that rules, destruction and critical targets are seen through it [B1: wrapper stripping]. */
export function carriedBy(words: readonly Word[]): readonly Carried[] {
  const name = programOf(words[0]?.value ?? '');
  const rest = words.slice(1);
  if (SHELLS.test(name)) return scriptOf(rest);
  switch (name) {
    case 'eval':
      return [{ kind: 'line', text: rest.map((word) => word.value).join(' ') }];
    case 'trap':
      return rest[0] ? [{ kind: 'line', text: rest[0].value }] : [];
    case 'alias':
      return rest.flatMap(({ value }) =>
        value.includes('=') ? [{ kind: 'line', text: value.slice(value.indexOf('=') + 1) } as const] : [],
      );
    case 'su':
    case 'script':
      return scriptOf(rest);
    case 'watch':
      return [
        {
          kind: 'line',
          text: afterOptions(rest, /^-[nd]$/)
            .map((word) => word.value)
            .join(' '),
        },
      ];
    case 'find':
      return afterMarks(rest, /^-(?:exec|execdir|ok|okdir)$/, /^[;+]$/);
    case 'fd':
      return afterMarks(rest, /^(?:-x|-X|--exec|--exec-batch)$/, /^;$/);
    case 'sudo':
    case 'runuser':
    case 'gosu':
      return inner(afterOptions(rest, /^-[ugpChTRD]$/));
    case 'env': {
      const split = rest.findIndex((word) => /^(?:-S|--split-string)/.test(word.value));
      const text = split < 0 ? '' : ((rest[split]?.value.replace(/^(?:-S|--split-string=?)/, '') || rest[split + 1]?.value) ?? '');
      if (text !== '') return [{ kind: 'line', text }];
      return inner(afterAssignments(afterOptions(rest, /^-[uC]$/)));
    }
    case 'xargs':
      return inner(afterOptions(rest, /^(?:-[InPLsEdaJR]|--(?:arg-file|max-args|max-procs|delimiter|replace))$/));
    case 'command':
      return /^-\w*[vV]/.test(rest[0]?.value ?? '') ? [] : inner(afterOptions(rest, /^$/));
    case 'setsid':
    case 'exec':
    case 'builtin':
    case 'nohup':
    case 'strace':
    case 'ltrace':
    case 'unshare':
    case 'doas':
    case 'fakeroot':
    case 'time':
    case 'nice':
    case 'ionice':
    case 'chrt':
    case 'stdbuf':
    case 'unbuffer':
    case 'caffeinate':
    case 'busybox':
      return inner(afterOptions(rest, /^-[nicpeofu]$/));
    case 'nsenter':
      return inner(afterOptions(rest, /^-[tSGr]$/));
    case 'timeout':
    case 'flock':
    case 'chroot':
    case 'ssh':
    case 'taskset':
      return name === 'ssh' ? remote(afterOptions(rest, /^-[bcDeFIiJLlmoOpRSwW]$/)) : inner(afterOptions(rest, /^-[kscw]$/).slice(1));
    case 'parallel':
      return inner(afterOptions(rest, /^-[jNL]$/));
    case 'docker':
    case 'podman':
    case 'kubectl':
      return container(rest);
    case 'npx':
    case 'bunx':
      return inner(afterOptions(rest, /^(?:-p|--package)$/));
    default:
      return [];
  }
}

function scriptOf(words: readonly Word[]): readonly Carried[] {
  const at = words.findIndex((word) => /^-[A-Za-z]*c$|^--command$/.test(word.value));
  const script = at < 0 ? undefined : words[at + 1];
  return script ? [{ kind: 'line', text: script.value }] : [];
}

function afterMarks(words: readonly Word[], mark: RegExp, end: RegExp): readonly Carried[] {
  return words.flatMap((word, i) => {
    if (!mark.test(word.value)) return [];
    const rest = words.slice(i + 1);
    const stop = rest.findIndex((w) => end.test(w.value));
    return inner(stop < 0 ? rest : rest.slice(0, stop));
  });
}

function remote(words: readonly Word[]): readonly Carried[] {
  const text = words.slice(1).map((word) => word.value);
  return text.length > 0 ? [{ kind: 'line', text: text.join(' ') }] : [];
}

/** `docker exec box rm -rf /data`, `kubectl exec pod -- …`: whatever follows the name of the container. */
function container(words: readonly Word[]): readonly Carried[] {
  const at = words.findIndex((word) => /^(?:exec|run)$/.test(word.value));
  if (at < 0) return [];
  const dashes = words.findIndex((word) => word.value === '--');
  const rest =
    dashes > at
      ? words.slice(dashes + 1)
      : afterOptions(words.slice(at + 1), /^(?:-[uewvpnlh]|--(?:user|env|workdir|volume|name|network|entrypoint|publish))$/).slice(1);
  return inner(rest);
}

function afterAssignments(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex((word) => !/^\w+=/.test(word.value));
  return first < 0 ? [] : words.slice(first);
}

function inner(words: readonly Word[]): readonly Carried[] {
  return words.length > 0 ? [{ kind: 'words', words }] : [];
}

function afterOptions(words: readonly Word[], valued: RegExp): readonly Word[] {
  let i = 0;
  while (i < words.length && words[i]?.value.startsWith('-') && words[i]?.value !== '-') {
    if (words[i]?.value === '--') return words.slice(i + 1);
    i += valued.test(words[i]?.value ?? '') ? 2 : 1;
  }
  return words.slice(i);
}
