import * as vscode from 'vscode';
import { ruleProblems } from '../core/permission/rules';
import type { Rules } from '../core/ports';
import type { Rule, RuleSource } from '../protocol/permission';
import { brokenLimit, parseSettings, type Settings, type SettingsProblem, USER_ONLY, zSettings } from '../protocol/settings';

/** The settings that a workspace may narrow and never widen: only its ask and deny rules are heard, and only when trusted. */
const TIGHTENING = ['ask', 'deny'] as const;

export type EditorSettings = {
  current(): Settings;
  problems(): readonly SettingsProblem[];
  readonly rules: Rules;
  onChange(listener: () => void): vscode.Disposable;
};

/** Reads `plumb.*` afresh at each call: the editor caches it, and a changed rule must hold at once. */
export function createEditorSettings(): EditorSettings {
  const config = () => vscode.workspace.getConfiguration('plumb');

  function read(): ReturnType<typeof parseSettings> {
    const raw: Record<string, unknown> = {};
    for (const name of Object.keys(zSettings.shape)) raw[name] = settingOf(name, config());
    return parseSettings(raw);
  }

  function rulesOf(effect: 'allow' | 'ask' | 'deny'): Rule[] {
    const at = config().inspect<unknown>(effect);
    const from = (value: unknown, source: RuleSource): Rule[] =>
      Array.isArray(value) ? value.filter((r): r is string => typeof r === 'string').map((rule) => ({ effect, rule, source })) : [];
    // In a workspace of several folders each has rules of its own, and all of them hold: a rule that is stricter hurts nobody.
    const inFolders = (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
      from(vscode.workspace.getConfiguration('plumb', uri).inspect<unknown>(effect)?.workspaceFolderValue, 'workspace'),
    );
    const workspace = [...new Map([...from(at?.workspaceValue, 'workspace'), ...inFolders].map((r) => [r.rule, r])).values()];
    const heard = vscode.workspace.isTrusted && TIGHTENING.some((name) => name === effect) ? workspace : [];
    return [...from(at?.globalValue, 'user'), ...heard];
  }

  const allRules = (): readonly Rule[] => [...rulesOf('deny'), ...rulesOf('ask'), ...rulesOf('allow')];

  return {
    current: () => read().settings,
    problems: () => [
      ...read().problems,
      ...ruleProblems(allRules()).map(({ rule, problem }) => ({ name: rule.effect, message: `${rule.rule}: ${problem}` })),
    ],
    rules: {
      current: allRules,
      async save(rule) {
        const saved = config().inspect<string[]>('allow')?.globalValue ?? [];
        if (saved.includes(rule)) return;
        await config().update('allow', [...saved, rule], vscode.ConfigurationTarget.Global);
      },
    },
    onChange: (listener) => vscode.workspace.onDidChangeConfiguration((e) => e.affectsConfiguration('plumb') && listener()),
  };
}

/**
 * The editor keeps a workspace from setting what is the user's own, but only once it has read our manifest: a file that
 * it read before that would count for a moment. So for those settings no other place is looked at.
 */
function settingOf(name: string, config: vscode.WorkspaceConfiguration): unknown {
  if (!USER_ONLY.some((own) => own === name)) return config.get(name);
  const at = config.inspect<unknown>(name);
  return at?.globalValue ?? at?.defaultValue;
}

/** Says which settings are not valid, now and whenever they change: the default of each is used meanwhile. */
export function reportSettingsProblems(settings: EditorSettings, log: vscode.LogOutputChannel): vscode.Disposable {
  let told = '';
  const report = async () => {
    const text = settings
      .problems()
      .map((p) => `plumb.${p.name}: ${p.message}`)
      .join('\n');
    if (text === told) return;
    told = text;
    if (!text) return;
    log.warn(text);
    const open = vscode.l10n.t('Open settings');
    const chosen = await vscode.window.showWarningMessage(
      brokenLimit(settings.problems())
        ? vscode.l10n.t('Some settings of Plumb are not valid, and nothing is sent while a limit is among them: {0}', text)
        : vscode.l10n.t('Some settings of Plumb are not valid, so their defaults are used: {0}', text),
      open,
    );
    if (chosen === open) await vscode.commands.executeCommand('plumb.openSettings');
  };
  void report();
  return settings.onChange(() => void report());
}
