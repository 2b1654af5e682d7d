import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { LIMITS } from '../../src/protocol/limits';
import { USER_ONLY, zSettings } from '../../src/protocol/settings';

const zManifest = z.object({
  contributes: z.object({
    commands: z.array(z.object({ command: z.string(), title: z.string(), category: z.literal('Plumb') })),
    configuration: z.object({
      properties: z.record(z.string(), z.looseObject({ default: z.unknown(), scope: z.string(), markdownDescription: z.string() })),
    }),
    menus: z.record(z.string(), z.array(z.looseObject({ command: z.string().optional() }))),
    keybindings: z.array(z.object({ command: z.string(), key: z.string(), when: z.string().optional() })),
    walkthroughs: z.array(z.object({ steps: z.array(z.object({ description: z.string(), media: z.object({ markdown: z.string() }) })) })),
  }),
});
const text = readFileSync('package.json', 'utf8');
const { contributes } = zManifest.parse(JSON.parse(text));
const nls = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync('package.nls.json', 'utf8')));

describe('the manifest', () => {
  it('declares every setting with the default that the code uses', () => {
    const defaults: Record<string, unknown> = zSettings.parse({});
    const declared = contributes.configuration.properties;
    assert.deepEqual(
      Object.keys(declared).sort(),
      Object.keys(defaults)
        .map((name) => `plumb.${name}`)
        .sort(),
    );
    for (const [name, value] of Object.entries(defaults)) assert.deepEqual(declared[`plumb.${name}`]?.default, value, name);
  });

  it('keeps what could redirect the key or loosen a rule out of the reach of a workspace', () => {
    const scope = (name: string) => contributes.configuration.properties[`plumb.${name}`]?.scope;
    for (const name of ['baseUrl', 'storagePath', 'shellPath', 'ripgrepPath']) assert.equal(scope(name), 'machine', name);
    for (const name of ['allow', 'mode', ...LIMITS]) assert.equal(scope(name), 'application', name);
  });

  it('reads from the user alone what is of machine or application scope', () => {
    const scoped = Object.entries(contributes.configuration.properties).flatMap(([name, { scope }]) =>
      scope === 'machine' || scope === 'application' ? [name] : [],
    );
    assert.deepEqual(USER_ONLY.map((name) => `plumb.${name}`).sort(), scoped.sort());
  });

  it('names texts that exist, and no text is left over', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map((m) => m[1] ?? '');
    assert.deepEqual([...new Set(used)].sort(), Object.keys(nls).sort());
  });

  it('shows only commands that it declares', () => {
    const declared = new Set(contributes.commands.map((c) => c.command));
    const shown = [
      ...Object.values(contributes.menus).flatMap((rows) => rows.flatMap((row) => row.command ?? [])),
      ...contributes.keybindings.map((k) => k.command),
      ...Object.values(nls).flatMap((t) => [...t.matchAll(/\(command:([^)]+)\)/g)].map((m) => m[1] ?? '')),
    ];
    for (const command of shown) assert.ok(declared.has(command), command);
  });

  it('ships the pictures that the walkthrough names', () => {
    for (const { steps } of contributes.walkthroughs)
      for (const step of steps) assert.ok(existsSync(step.media.markdown), step.media.markdown);
  });
});
