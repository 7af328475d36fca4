import { createContext, Script } from 'node:vm';
import type { ManagedProcess } from '../../environment';
import { ArgumentError } from '../arguments';
import { messageOf } from '../../values';
import { plain } from './plain';
import { readRange, textOf, type Decoders } from './retained';

/** For one look through the new lines. An expression that takes longer would hold up the whole window. */
const MATCH_MS = 200;
/** The longest part of one line that one look takes, in characters. */
const MAX_LINE_CHARACTERS = 10_000;
const MAX_LOOK_CHARACTERS = 256 * 1024;

/** Runs in a context of its own, because only there an expression can be stopped while it is at work. */
const FIND = new Script('lines.find((line) => expression.test(line))');

/** Looks for a line that matches in all output, each time only through what is new. */
export class OutputPattern {
  private readonly context: object;
  private readonly decoders: Decoders = new Map();
  private position = 0;
  /** A line that has not ended yet. */
  private rest = '';

  /** @throws ArgumentError with an instruction for what is no regular expression */
  constructor(
    private readonly process: ManagedProcess,
    private readonly pattern: string,
  ) {
    try {
      new RegExp(pattern, 'u');
    } catch (error) {
      throw new ArgumentError(
        `wait_for: "pattern": ${messageOf(error)}. Special characters are taken as they are after a backslash.`,
      );
    }
    this.context = createContext({ expression: new RegExp(pattern, 'u'), lines: [] });
  }

  /** The first line that matches, undefined if there is none. Rejects with an instruction when it takes too long. */
  async look(): Promise<string | undefined> {
    const end = this.process.totalBytes;
    if (this.position === end) return undefined;
    const from = this.position;
    const to = Math.min(end, from + MAX_LOOK_CHARACTERS);
    const text = textOf(await readRange(this.process, from, to), from, this.decoders);
    const lines = (this.rest + plain(text)).split('\n');
    this.position = to;
    this.rest = (lines.at(-1) ?? '').slice(-MAX_LINE_CHARACTERS);
    const found = this.find(lines.map((line) => line.slice(0, MAX_LINE_CHARACTERS)));
    if (found !== undefined || to === end) return found?.slice(0, 500);
    return this.look();
  }

  private find(lines: readonly string[]): string | undefined {
    Object.assign(this.context, { lines });
    try {
      return FIND.runInContext(this.context, { timeout: MATCH_MS }) as string | undefined;
    } catch {
      throw new ArgumentError(
        `wait_for: "pattern": ${JSON.stringify(this.pattern.slice(0, 100))} takes too long to match. Use a simpler one, without repetitions within repetitions.`,
      );
    }
  }
}
