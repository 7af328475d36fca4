import { parseArgs } from 'node:util';

/** How large a run is. */
export interface Options {
  readonly rounds: number;
  /** Names of scenarios; all of them when empty. */
  readonly only: readonly string[];
  /** Samples of a quick thing in one round. */
  readonly samples: number;
  /** Bytes for the rates. */
  readonly bytes: number;
  /** Bytes for the flood. */
  readonly floodBytes: number;
  /** Short processes one after another. */
  readonly processes: number;
  /** As many before them that do not count. */
  readonly warmUp: number;
  /** Our server's program. */
  readonly ours: string | undefined;
  readonly editor: boolean;
  readonly reference: boolean;
  /** Put the tables into the documentation. */
  readonly numbers: boolean;
}

export class UsageError extends Error {}

export const HELP = `Usage: npm run bench -- [options]

Measures our server beside the Codex CLI's own, and the doors of agents beside a bare shell; prints Markdown tables.

Options:
  --quick          small sizes, one round
  --only NAME      this scenario alone; may be repeated
  --rounds N       rounds, in which the servers take turns (3)
  --processes N    short processes one after another (1000)
  --ours PATH      another dist/cli.js than the one that was just built
  --no-editor      without ours in the editor, which needs Chromium
  --no-reference   ours alone
  --numbers        put the tables into docs/NUMBERS.md as well
`;

/** More than our server remembers of closed processes for a while. */
const REMEMBERED = 1200;
const MIB = 1024 * 1024;

/** Throws a UsageError. */
export function readOptions(args: string[], names: readonly string[]): Options | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const { quick = false, only = [] } = values;
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`no such scenario: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  return {
    only,
    rounds: count('rounds', values.rounds) ?? (quick ? 1 : 3),
    samples: quick ? 20 : 50,
    bytes: (quick ? 32 : 256) * MIB,
    floodBytes: (quick ? 256 : 1024) * MIB,
    processes: count('processes', values.processes) ?? (quick ? 100 : 1000),
    ours: values.ours,
    warmUp: quick ? 20 : REMEMBERED,
    editor: values['no-editor'] !== true && values.ours === undefined,
    reference: values['no-reference'] !== true,
    numbers: values.numbers === true,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        processes: { type: 'string' },
        ours: { type: 'string' },
        'no-editor': { type: 'boolean' },
        'no-reference': { type: 'boolean' },
        numbers: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`--${name} takes a number from 1 on, not ${text}`);
  return Number(text);
}
