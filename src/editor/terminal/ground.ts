/**
 * Before a line of ours, also while the child goes on: ends an open sequence, draws letters as letters, in their own
 * colours, as no part of a link, inserting nothing, and in one column after the other.
 */
export const LEGIBLE =
  '\x18\x0f\x1b(B\x1b[0m\x1b]8;;\x1b\\\x1b[4l\x1b[?7h\x1b[?5l\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\';

/**
 * Once the child is gone: as after its terminal was switched on, except for what it wrote. Leaves the alternate screen,
 * then a soft reset (DECSTR): modes, margins, character sets, attributes, cursor; then what that leaves: output held
 * back, mouse, focus and paste reports, the other character sets, the cursor's shape and colour.
 */
export const RESET =
  '\x18\x1b[?2026l\x1b[?47l\x1b[!p\x1b[?25h' +
  '\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?1016l\x1b[?2004l\x1b[?1l\x1b>' +
  `\x1b)B\x1b*B\x1b+B\x1b[0 q\x1b]112\x1b\\${LEGIBLE}`;

/** Clears what is in the way of a line of ours. */
export const CLEAR_LINE = '\r\x1b[K';

/** Makes a terminal as new: nothing of before is left, and no sequence is open. */
export const NEW = '\x18\x1bc\x1b[3J';
