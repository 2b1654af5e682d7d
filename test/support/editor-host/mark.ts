/**
 * Marks the lines that in-host tests print: everything else that a page logs is the workbench's own noise, which the
 * launcher keeps in a file.
 */
export const MARK = '\u2063';

/** Set by the launcher for the extension host; elsewhere (on a desktop) nothing is marked. */
export const MARK_VARIABLE = 'PLUMB_MARK_OUTPUT';
