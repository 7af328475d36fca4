/** Marks of shells (OSC 633), by which the editor knows where a command and its output begin and end. */
const mark = (text: string): string => `\x1b]633;${text}\x07`;

/** More of a command is not told. */
const COMMAND_CHARACTERS = 4096;

/** What stands for a character that would end or part a mark. */
const escaped = (text: string): string =>
  text.replace(
    /[\x00-\x20;\\\x7f-\x9f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/** Where the line begins that stands for the prompt. */
export const promptStart = (): string => mark('A');

/**
 * Where it ends.
 *
 * @param nonce what the editor gave this terminal, as a proof that the command is told by us
 */
export const promptEnd = (command: string, cwd: string, nonce: string): string =>
  mark(`P;Cwd=${escaped(cwd)}`) +
  mark('B') +
  mark(`E;${escaped(command.slice(0, COMMAND_CHARACTERS))};${nonce}`);

/** Where its output begins. */
export const outputStart = (): string => mark('C');

/** Where that ends. */
export const outputEnd = (exitCode: number | null): string => mark(exitCode === null ? 'D' : `D;${exitCode}`);
