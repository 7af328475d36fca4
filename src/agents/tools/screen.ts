import { ArgumentError } from '../arguments';
import { object } from '../members';
import { sessionIdMember } from './members';
import { Positions } from './positions';
import { toSee } from './processes';
import { status } from './report';
import { beginOf, screenOf } from './shownScreen';
import { tool } from './tool';

export const screen = tool({
  name: 'screen',
  title: 'Read Screen',
  effect: 'reads',
  description:
    'Shows what the terminal of a command shows now, line by line, and where its cursor is: for programs that draw a ' +
    'screen, such as editors, menus and progress displays. For a command that was started with tty: true.',
  schema: object({ session_id: sessionIdMember }),
  run: async ({ session_id }, call) => {
    const process = toSee(call, session_id);
    if (!process.spec.tty)
      throw new ArgumentError(
        `Session ${session_id} has no terminal: read_output shows all of its output. Start it with tty: true for a screen.`,
      );
    const { seq } = Positions.of(process).before(beginOf(process));
    const { rows, cols, cursorRow, cursorColumn, isAlternate, lines } = await screenOf(process, seq);
    const whole = isAlternate ? ', a program has the whole screen' : '';
    return [
      status(process),
      `${rows} rows of ${cols} columns, cursor at row ${cursorRow}, column ${cursorColumn}${whole}`,
      'Screen:',
      ...lines,
    ].join('\n');
  },
});
