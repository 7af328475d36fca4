import type { ManagedProcess } from '../../environment';
import { takeNew } from './cursors';
import { sessionId } from './processes';
import type { ToolCall } from './tool';
import { hasExited } from './waiting';

const DEFAULT_TOKENS = 10_000;

/** How a process is and what it has put out since the caller looked last, in the form that models of Codex know. */
export async function report(
  process: ManagedProcess,
  call: ToolCall,
  { begun, maxTokens, more = [] }: { begun: number; maxTokens: number | undefined; more?: readonly string[] },
): Promise<string> {
  const room = tokensOf(call, maxTokens);
  const { text, tokens } = await takeNew(process, call.caller.id, room);
  return [
    ...more,
    `Wall time: ${((performance.now() - begun) / 1000).toFixed(4)} seconds`,
    status(process),
    `Original token count: ${tokens}`,
    'Output:',
    text,
  ].join('\n');
}

/** The most tokens of output of one answer. */
export function tokensOf({ maxOutputTokens = Infinity }: ToolCall, asked: number | undefined): number {
  return Math.max(1, Math.min(asked ?? DEFAULT_TOKENS, maxOutputTokens));
}

/** A line on whether it runs, how it ended, and by whom. */
export function status(process: ManagedProcess): string {
  const { exitCode, exitSignal, problem, stoppedBy } = process;
  if (!hasExited(process)) return `Process running with session ID ${sessionId(process)}`;
  if (process.state === 'lost') return `Process lost: ${problem ?? 'nobody knows how it ended'}`;
  const signal = exitSignal === null ? '' : ` (ended by signal ${exitSignal})`;
  const held = process.closed
    ? ''
    : `; something it started still holds its output, session ID ${sessionId(process)}`;
  const person =
    stoppedBy === 'person' ? '\nA person stopped it in the editor: ask before you start it again.' : '';
  return `Process exited with code ${exitCode ?? -1}${signal}${held}${person}`;
}
