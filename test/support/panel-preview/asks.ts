import { addUsage, ROOT, type Script } from './script';
import { call, DIFF, start } from './steps';

export function permission(): Script {
  const script = start('Delete the build folder and reinstall.');
  const command = 'rm -rf build && npm ci --ignore-scripts';
  call(script, 1, [{ id: 'c1', name: 'shell', input: { command } }], "I'll delete it and install again.");
  addUsage(script, { cost: null });
  script.add('state_changed', {
    workflow: { at: 'acting', turn: 1, calls: { c1: { phase: 'asked', effect: true, retrySafe: false } } },
  });
  script.add('permission_asked', {
    askId: 'a1',
    callId: 'c1',
    tool: 'shell',
    title: 'Run',
    detail: command,
    class: 'destructive',
    risk: 'high',
    why: 'It deletes files, and what it deletes cannot be brought back by undo.',
    parts: [
      { text: 'rm -rf build', class: 'destructive', why: 'deletes a folder with all that is in it', allowed: false },
      { text: 'npm ci --ignore-scripts', class: 'mutating', why: 'installs packages', allowed: true },
    ],
    touches: [`${ROOT}/build`, `${ROOT}/node_modules`],
    choices: [
      { id: 'once', rules: [] },
      { id: 'session', rules: ['shell(rm -rf build)'] },
      { id: 'rule', rules: ['shell(rm -rf build)'] },
      { id: 'deny', rules: [] },
    ],
    inputHash: 'h',
  });
  script.add('permission_asked', {
    askId: 'a2',
    callId: 'c2',
    tool: 'read_file',
    title: 'Read',
    detail: '/etc/hosts',
    class: 'read_only',
    risk: 'low',
    why: 'The file lies outside the workspace.',
    parts: [],
    touches: ['/etc/hosts'],
    choices: [
      { id: 'once', rules: [] },
      { id: 'deny', rules: [] },
    ],
    inputHash: 'h',
  });
  return script;
}

/** A command so long that its end is out of sight. */
export function permissionLong(): Script {
  const script = start('Set everything up.');
  const command = Array.from({ length: 40 }, (_, i) => `echo step ${i + 1}`).join('\n');
  call(script, 1, [{ id: 'c1', name: 'shell', input: { command } }]);
  script.add('permission_asked', {
    askId: 'a1',
    callId: 'c1',
    tool: 'shell',
    title: 'Run',
    detail: command,
    class: 'mutating',
    risk: 'medium',
    why: 'It has many parts.',
    parts: [],
    touches: [],
    choices: [
      { id: 'once', rules: [] },
      { id: 'deny', rules: [] },
    ],
    inputHash: 'h',
  });
  return script;
}

export function permissionDiff(): Script {
  const script = start('Round all prices to cents.');
  call(script, 1, [{ id: 'c1', name: 'edit_file', input: { path: 'src/till.ts' } }]);
  script.add('state_changed', {
    workflow: { at: 'acting', turn: 1, calls: { c1: { phase: 'asked', effect: true, retrySafe: false } } },
  });
  script.add('permission_asked', {
    askId: 'a1',
    callId: 'c1',
    tool: 'edit_file',
    title: 'Edit',
    detail: `${ROOT}/src/till.ts`,
    class: 'mutating',
    risk: 'low',
    why: 'In this mode every change is asked.',
    parts: [{ text: `${ROOT}/src/till.ts`, class: 'mutating', why: 'changes a file of the workspace', allowed: false }],
    touches: [`${ROOT}/src/till.ts`],
    preview: { kind: 'diff', files: [DIFF] },
    choices: [
      { id: 'once', rules: [] },
      { id: 'session', rules: ['edit_file(src/till.ts)'] },
      { id: 'rule', rules: ['edit_file(src/**)'] },
      { id: 'deny', rules: [] },
    ],
    inputHash: 'h',
  });
  return script;
}

export function question(): Script {
  const script = start('Add a discount to the till.');
  call(script, 1, [{ id: 'c1', name: 'ask_user', input: {} }]);
  script.add('state_changed', {
    workflow: { at: 'acting', turn: 1, calls: { c1: { phase: 'running', effect: false, retrySafe: true } } },
  });
  script.add('question_asked', {
    callId: 'c1',
    questions: [
      {
        header: 'Kind',
        question: 'How should the discount be given?',
        multiSelect: false,
        options: [
          { label: 'As a percentage', description: 'Ten per cent off the whole sum' },
          { label: 'As an amount', description: 'Five off the whole sum' },
        ],
      },
      {
        header: 'Scope',
        question: 'Which customers get it?',
        multiSelect: true,
        options: [{ label: 'Members' }, { label: 'Staff' }, { label: 'Everyone on Fridays' }],
      },
    ],
  });
  return script;
}
