import { mkdir, writeFile } from 'node:fs/promises';
import { TEAS } from '../src/catalog.js';
import { formatMoney } from '../src/money.js';

/** Writes the menu as a page and as data into build/. */
const out = new URL('../build/', import.meta.url);
const rows = TEAS.map((tea) => `      <li>${tea.name} <b>${formatMoney(tea.price)}</b></li>`).join('\n');
const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Tea shop</title></head>
  <body>
    <h1>Menu</h1>
    <ul>
${rows}
    </ul>
  </body>
</html>
`;

await mkdir(out, { recursive: true });
await writeFile(new URL('menu.html', out), page);
await writeFile(new URL('menu.json', out), `${JSON.stringify(TEAS, null, 2)}\n`);
