import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repository } from '../../support/editor-host/paths';

const zPackage = z.object({
  resolved: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});
const zLock = z.object({ packages: z.record(z.string(), zPackage) });

describe('package-lock.json', () => {
  const { packages } = zLock.parse(JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')));

  it('names no registry: everybody installs from their own', () => {
    const hosts = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined && /^\w+:/.test(resolved));
    assert.deepEqual(hosts, []);
  });

  it('holds the packages of every platform: a registry that lacks one drops it on install, and `npm ci` then refuses the file', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
      ),
    );
    assert.deepEqual(missing, []);
  });

  it('agrees with package.json', () => {
    const manifest = zPackage.parse(JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')));
    assert.deepEqual(packages['']?.dependencies, manifest.dependencies);
    assert.deepEqual(packages['']?.devDependencies, manifest.devDependencies);
  });
});
