import { createVSIX } from '@vscode/vsce';
import { repository } from '../editor-host/paths';

/** `pack.ts FILE`: packs what is built. Everything is bundled, so no dependency folder goes along. */
const [packagePath] = process.argv.slice(2);
try {
  await createVSIX({ cwd: repository, packagePath, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
} catch (error) {
  console.error(`The VSIX could not be made: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
