#!/usr/bin/env node
// An executable in the place of desktop VS Code's: see launch.ts.
import { register } from 'tsx/esm/api';

register();
const { launch } = await import('./launch.ts');
process.exit(
  await launch(process.argv.slice(2)).catch((error) => {
    console.error(error);
    return 1;
  }),
);
