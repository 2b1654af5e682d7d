import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocuments } from '../../src/node/documents';
import { documentsContract } from './support/documents';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'plumb-documents-')));
after(() => rmSync(root, { recursive: true, force: true }));

documentsContract('node', async () => ({ root, documents: createDocuments({ roots: [root] }) }));
