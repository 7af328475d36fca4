import type { ManagedProcess } from '../../environment';
import type { Header } from '../../screen/messages';
import { copyableCommand } from '../text/commandLabel';
import { headerText } from './headerWords';
import { outputEnd, outputStart, promptEnd, promptStart } from './shellMarks';

/** Shells that put marks into their own output. */
const SHELL = /(?:^|[/\\])(?:ba|z|fi|da|k)?sh(?:\.exe)?$|(?:^|[/\\])(?:pwsh|powershell|cmd)(?:\.exe)?$/;

/** Two in front, and room for what we say at the end and the cursor below it. */
const LINES_IN_FRONT = 4;

/** What stands above the output of a process, and the marks that make both a command for the editor. */
export interface TerminalHeader extends Header {
  /** One line, without its end. */
  readonly text: string;
  /** What stands in front instead when it has scrolled away, whole. */
  inFront(earlierLines: number): string;
  /** Once the output has ended, where a line begins. */
  end(exitCode: number | null): string;
}

/**
 * @param columns how wide the terminal is
 * @param nonce what the editor gave the terminal
 */
export function terminalHeader(process: ManagedProcess, columns: number, nonce: string): TerminalHeader {
  const { spec } = process;
  const text = headerText.line(process, columns);
  const earlier = headerText.earlier;
  if (spec.tty && isShell(spec.argv)) return headerOf(text, ['', '', ''], earlier, () => '');
  const command = copyableCommand(spec.argv, spec.arg0);
  return headerOf(
    text,
    [promptStart(), promptEnd(command, spec.cwd, nonce), outputStart()],
    earlier,
    outputEnd,
  );
}

function headerOf(
  text: string,
  [before, behind, below]: readonly [string, string, string],
  earlier: (lines: number) => string,
  end: TerminalHeader['end'],
): TerminalHeader {
  return {
    text,
    before,
    behind,
    below,
    linesInFront: LINES_IN_FRONT,
    inFront: (lines) => `${before}${text}${behind}\r\n${earlier(lines)}${below}`,
    end,
  };
}

/** One that a person or an agent types into. */
function isShell(argv: readonly string[]): boolean {
  return SHELL.test(argv[0] ?? '') && argv.slice(1).every((word) => /^-(?!\w*c)/.test(word));
}
