import type { HostMessage } from '../../../src/protocol/messages';
import { permission, permissionDiff, permissionLong, question } from './asks';
import { contextMessage } from './context';
import { failures, finishedRun, interrupted, limited, markdown, streaming } from './runs';
import { eventsMessage, ROOT, snapshot } from './script';
import { PENDING } from './steps';

/** What the panel looks like at telling moments: the messages that lead there. */
export const SCENES: Readonly<Record<string, () => readonly HostMessage[]>> = {
  empty: () => [snapshot({ session: null, connection: { kind: 'demo' }, model: 'plumb-demo', models: [DEMO] })],
  'not-connected': () => [
    snapshot({
      session: null,
      connection: { kind: 'none', why: 'No API key is set.' },
      model: '',
      models: [],
      workspace: { name: 'till', roots: [ROOT], trusted: false },
    }),
  ],
  finished: () => [snapshot({ title: 'Fix the failing test', events: finishedRun().events, pending: PENDING })],
  streaming: () => [snapshot({ title: 'Explain the project', events: [] }), eventsMessage(streaming().events)],
  permission: () => [snapshot({ title: 'Delete the build folder', events: permission().events, connection: { kind: 'demo' } })],
  'permission-diff': () => [snapshot({ title: 'Round prices', events: permissionDiff().events })],
  'permission-long': () => [snapshot({ title: 'Set everything up', events: permissionLong().events })],
  question: () => [snapshot({ title: 'Add a discount', events: question().events })],
  failures: () => [
    snapshot({ title: 'Update the dependencies', events: failures().events }),
    { type: 'problem', text: 'The session could not be exported: the disk is full.', next: 'Free some space and try again.' },
  ],
  limit: () => [snapshot({ title: 'Comment everything', events: limited().events })],
  markdown: () => [snapshot({ title: 'How the till works', events: markdown().events })],
  held: () => [
    snapshot({
      title: 'Fix the failing test',
      events: finishedRun().events,
      heldBy: 'Another window (process 4711) works on this session.',
    }),
  ],
  context: () => [
    snapshot({ title: 'Fix the failing test', events: finishedRun().events }),
    { type: 'focus', target: 'context' },
    contextMessage(),
  ],
  interrupted: () => [snapshot({ title: 'Fix the failing test', events: interrupted().events, mode: 'edit' })],
};

const DEMO = { id: 'plumb-demo', name: 'Offline demo', contextWindow: 200_000, price: '' };
