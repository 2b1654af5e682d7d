/** Characters in a delta; every one that carries a word is so long, and words are numbered. */
export const PIECE = 10;
export const THE_END = 'And so it ended.';

/**
 * A long answer as models give them: paragraphs, lists and code by turns. In each delta stands the number of that
 * delta, so that the page shows how far it has come.
 */
export function story(deltas: number): string {
  const pieces: string[] = [];
  const add = (make: (word: string) => string) => {
    const piece = make(`w${String(pieces.length).padStart(5, '0')}`);
    if (piece.length !== PIECE) throw new Error(`not ${PIECE} characters: ${JSON.stringify(piece)}`);
    pieces.push(piece);
  };
  while (pieces.length < deltas) {
    add((w) => `\n\n# ${w}`);
    for (let paragraph = 0; paragraph < 4; paragraph++) {
      add((w) => `\n\n${w}. `);
      for (let word = 0; word < 60; word++) add(PROSE[word % PROSE.length] ?? plain);
    }
    for (let item = 0; item < 40; item++) {
      add((w) => `\n- ${w} `);
      for (let word = 0; word < 4; word++) add(plain);
    }
    add(() => '\n\n```ts\n//');
    for (let line = 0; line < 150; line++) {
      add((w) => `\n${w} = `);
      add((w) => `${w}(1)`.padEnd(PIECE, ';'));
    }
    add(() => '\n```\n\nsee ');
  }
  return `${pieces.slice(0, deltas).join('')}\n\n${THE_END}`;
}

const plain = (w: string) => `${w} on `;
const PROSE = [plain, plain, (w: string) => `**${w}**`, plain, plain, (w: string) => `\`${w}\`, `, plain];
