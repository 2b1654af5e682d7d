import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WireRequest } from '../../src/demo/wire/request';
import { type Call, type ReplyBuilder, reply } from '../support/model-server/reply';

export type Kind = 'read' | 'edit' | 'search';
export type Task = {
  readonly name: string;
  /** What each turn before the last one calls. */
  readonly turns: readonly Kind[];
  readonly script: (request: WireRequest) => ReplyBuilder;
};

const FILES = 120;
/** Around 3.5 kB, a usual source file. */
const LINES = 90;

/** A project to work in: files of ordinary size, one of which is edited over and over. */
export async function makeProject(folder: string): Promise<void> {
  await mkdir(join(folder, 'src'), { recursive: true });
  for (let file = 0; file < FILES; file++) {
    const lines = Array.from({ length: LINES }, (_, line) => `export const value${file}x${line} = ${line} * ${file}; // step`);
    lines[0] = `// turn 0 of file ${file}`;
    lines[40] = `export function handler${file % 10}(input: number) { return input + ${file}; }`;
    await writeFile(join(folder, 'src', fileName(file)), `${lines.join('\n')}\n`);
  }
}

const CYCLE: readonly Kind[] = ['search', 'read', 'edit', 'read'];

/** A task of that many requests: calls in all turns but the last. Answers by what the conversation holds. */
export function taskOf(requests: number): Task {
  const turns = Array.from({ length: requests - 1 }, (_, turn) => CYCLE[turn % CYCLE.length] ?? 'read');
  return {
    name: `${requests} turns`,
    turns,
    script: (request) => {
      const turn = assistantTurns(request);
      const kind = turns[turn];
      if (kind === undefined) return reply.text(FINAL);
      return reply
        .text(`Step ${turn + 1}: looking at the next part of the project to see how it fits with the rest.`)
        .tools([call(kind, turn)]);
    },
  };
}

/** Twelve reads in each of four messages. */
export const parallelTask: Task = {
  name: '12 calls a turn',
  turns: ['read', 'read', 'read', 'read'],
  script: (request) => {
    const turn = assistantTurns(request);
    if (turn >= 4) return reply.text(FINAL);
    return reply.text('Reading several files.').tools(Array.from({ length: 12 }, (_, i) => read(turn * 12 + i)));
  },
};

/** The first words of an answer that is slow to go on, so that nothing is joined to them on the way. */
export const MARK = 'Wonderful';
export const sayingTask: Task = {
  name: 'first delta',
  turns: [],
  script: () => reply.text(`${MARK} ${FINAL}`).pieces(MARK.length).slow({ delta: 25 }),
};

const FINAL = 'All of it is done: the values are read, the turns are counted, and the handlers are where they were.';

function assistantTurns(request: WireRequest): number {
  return request.turns.filter((turn) => turn.role === 'assistant').length;
}

function call(kind: Kind, turn: number): Call {
  switch (kind) {
    case 'read':
      return read(turn);
    case 'search':
      return { name: 'grep', input: { pattern: `function handler${turn % 10}\\b` } };
    case 'edit': {
      const before = turn < CYCLE.length ? 0 : turn - CYCLE.length;
      const edit = { old_text: `// turn ${before} of file 0`, new_text: `// turn ${turn} of file 0` };
      return { name: 'edit_file', input: { path: `src/${fileName(0)}`, edits: [edit] } };
    }
    default:
      return kind satisfies never;
  }
}

function read(turn: number): Call {
  return { name: 'read_file', input: { path: `src/${fileName(1 + (turn % (FILES - 1)))}` } };
}

function fileName(file: number): string {
  return `part-${file}.ts`;
}
