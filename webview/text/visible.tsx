import { t } from '../strings';

/**
 * Characters that can make a command read differently from what runs: controls, bidi marks, zero-width and tag
 * characters, and spaces that are no spaces. They are shown by their code point instead of being obeyed.
 * Pairs of first and last code point, in order; a line feed and a tab stay as they are.
 */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2800, 0x2800],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

function isHidden(code: number): boolean {
  return HIDDEN.some(([first, last]) => code >= first && code <= last);
}

export type Piece = { readonly text: string; readonly hidden: boolean };

/** Splits a text into what is shown as it is and what must be named. */
export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let plain = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (!isHidden(code)) {
      plain += character;
      continue;
    }
    if (plain !== '') found.push({ text: plain, hidden: false });
    plain = '';
    found.push({ text: nameOf(code), hidden: true });
  }
  return plain === '' ? found : [...found, { text: plain, hidden: false }];
}

function nameOf(code: number): string {
  if (code === 0x0d) return 'CR';
  if (code === 0x1b) return 'ESC';
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A text in which nothing hides. */
export function Visible({ text }: { text: string }) {
  return (
    <bdi>
      {pieces(text).map((piece) =>
        piece.hidden ? (
          <span class="hidden-char" title={t('A character that would not be seen')}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}

/** True when a text holds characters that `Visible` would name. */
export function hides(text: string): boolean {
  return pieces(text).some((piece) => piece.hidden);
}
