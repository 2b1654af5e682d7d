import { stripVTControlCharacters } from 'node:util';

/** What a run of tests said. Reads Node's own runner in both of its formats, and finds the place in any other's output. */

export type Failure = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly expected?: string;
  readonly actual?: string;
  /** Other places that the error's stack names, innermost first. */
  readonly stack: readonly { readonly file: string; readonly line: number }[];
  readonly message: string;
};
/** A module that could not be found, and who imports it. */
export type Missing = { readonly module: string; readonly importer: string };
export type TestReport = {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
  readonly missing: readonly Missing[];
  readonly ran: boolean;
};

const PLACE = /(?:file:\/\/)?((?:[A-Za-z]:)?[^\s()'"`:]+\.[cm]?[jt]sx?):(\d+)(?::\d+)?/g;
const TEST_FILE = /(\.|\/|_)(test|spec)s?\.[cm]?[jt]sx?$|(^|\/)(tests?|__tests__)\//;

export function readTestReport(output: string): TestReport {
  const text = stripVTControlCharacters(output);
  const number = (word: string) => Number(new RegExp(`^\\s*(?:#|\\u2139) ${word} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  const failures = distinct([...specFailures(text), ...tapFailures(text)]);
  const found = failures.length > 0 ? failures : fallback(text);
  const failed = number('fail');
  return {
    passed: number('pass') || 0,
    failed: Number.isNaN(failed) ? found.length : failed,
    failures: found,
    missing: missingIn(text),
    ran: !Number.isNaN(number('tests')) || found.length > 0,
  };
}

/** `test at FILE:LINE:COLUMN`, then the name, then the error. */
function specFailures(text: string): readonly Failure[] {
  const heads = [...text.matchAll(/^\s*test at (.+?):(\d+):\d+\n\s*\u2716 (.+?)(?: \([\d.]+ms\))?$/gm)];
  return heads.map((head, at) => {
    const body = text.slice(head.index + head[0].length, heads[at + 1]?.index);
    return failureOf(head[3] ?? '', body, { file: head[1] ?? '', line: Number(head[2]) });
  });
}

/** `not ok N - NAME` with a YAML block; a suite that fails because of its tests is no failure of its own. */
function tapFailures(text: string): readonly Failure[] {
  return [...text.matchAll(/^( *)not ok \d+ - (.*)\n\1 {2}---\n([\s\S]*?)\n\1 {2}\.\.\.$/gm)].flatMap((match) => {
    const body = match[3] ?? '';
    if (/failureType: '?subtestsFailed/.test(body)) return [];
    const place = /location: '(.+?):(\d+):\d+'/.exec(body);
    return [failureOf(match[2] ?? '', body, place ? { file: place[1] ?? '', line: Number(place[2]) } : undefined)];
  });
}

/** Some other runner: the first place in a test file is where to look. */
function fallback(text: string): readonly Failure[] {
  if (!/\b(fail(ed|ing|ures?)?|AssertionError|Error:)/i.test(text) || /\b0 failed\b/.test(text)) return [];
  const place = placesIn(text).find(({ file }) => TEST_FILE.test(file));
  return place ? [failureOf('', text, place)] : [];
}

function failureOf(name: string, body: string, place: { file: string; line: number } | undefined): Failure {
  const value = (word: string) => new RegExp(`^\\s*${word}: (.+?),?$`, 'm').exec(body)?.[1]?.replace(/^'(.*)'$/, '$1');
  const stack = placesIn(body);
  const where = place ?? stack.find(({ file }) => TEST_FILE.test(file)) ?? stack[0] ?? { file: '', line: 0 };
  return {
    name,
    ...where,
    expected: value('expected'),
    actual: value('actual'),
    stack: stack.filter(({ file }) => !TEST_FILE.test(file)),
    message: /(?:^|\n)\s*((?:[A-Z]\w*)?Error\b.*)/.exec(body)?.[1]?.trim() ?? body.trim().split('\n')[0]?.trim() ?? '',
  };
}

/** Printed beside the report rather than in it: the file that holds the tests did not even load. */
function missingIn(text: string): readonly Missing[] {
  const found = [...text.matchAll(/Cannot find module '([^']+)' imported from '?([^'\s]+)/g)];
  const distinct = new Map(found.map(([whole, module = '', importer = '']) => [whole, { module, importer }]));
  return [...distinct.values()];
}

function placesIn(text: string): readonly { file: string; line: number }[] {
  return [...text.matchAll(PLACE)]
    .map((match) => ({ file: match[1] ?? '', line: Number(match[2]) }))
    .filter(({ file }) => !file.startsWith('node:') && !file.includes('node_modules') && !file.includes('internal/'));
}

function distinct(failures: readonly Failure[]): readonly Failure[] {
  const keyOf = ({ file, line, name }: Failure) => `${file.split('/').at(-1)}:${line}:${name}`;
  return [...new Map(failures.map((failure) => [keyOf(failure), failure])).values()];
}
