/** Measures the servers in turn, ours in the editor after the others, and prints a table. It judges nothing. */
import { machine } from './machine.js';
import { HELP, readOptions, UsageError, type Options } from './options.js';
import { writeNumbers } from './numbers.js';
import { SCENARIOS } from './scenarios/index.js';
import { makers, type BenchServer, type Maker } from './servers.js';
import { failures, tableOf, type Result, type Results } from './table.js';
import type { Scenario } from './types.js';

const BAD_USAGE = 2;
/** Each with the command that makes it alone, as docs/NUMBERS.md names it. */
const TABLES = [
  { args: '--numbers', isIn: ({ oursAlone }: Scenario) => !oursAlone },
  { args: '--only doors --numbers', isIn: ({ oursAlone }: Scenario) => oursAlone === true },
];
/** A round that takes longer is given up. */
const ROUND_MS = 15 * 60_000;

/** Resolves with the exit status. */
export async function main(args: string[]): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(
      args,
      SCENARIOS.map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return BAD_USAGE;
  }
  if (options === 'help') console.log(HELP);
  else await measure(options);
  return 0;
}

async function measure(options: Options): Promise<void> {
  const { only, numbers, rounds } = options;
  const wanted = SCENARIOS.filter(({ name }) => only.length === 0 || only.includes(name));
  const sides = await makers(options);
  const results = new Map<Scenario, Results>();
  // The editor last and alone: its browser would take processor time from the others.
  const passes = [
    sides.filter(({ side }) => side !== 'editor'),
    sides.filter(({ side }) => side === 'editor'),
  ];
  for (const pass of passes) {
    try {
      for (const scenario of wanted)
        results.set(scenario, { ...results.get(scenario), ...(await inTurn(scenario, pass, options)) });
    } finally {
      for (const { end } of pass) await end?.();
    }
  }
  for (const { args, isIn } of TABLES) {
    const measured = [...results].filter(([scenario]) => isIn(scenario));
    if (measured.length === 0) continue;
    const table = report(measured, rounds);
    console.log(`${table}\n`);
    if (numbers) writeNumbers(args, table);
  }
}

function report(measured: readonly (readonly [Scenario, Results])[], rounds: number): string {
  const notes = measured.flatMap(([{ name }, results]) => failures(name, results));
  const words = [...notes.map((note) => `\nNot measured: ${note}`), `\n${machine(rounds)}`];
  return [tableOf(measured), ...words].join('\n');
}

/** Each server is started afresh for the scenario, the editor excepted, and stays for all its rounds. */
async function inTurn(scenario: Scenario, sides: readonly Maker[], options: Options): Promise<Results> {
  const results: Results = {};
  const servers: BenchServer[] = [];
  try {
    for (const { start } of sides) servers.push(await start());
    for (let round = 1; round <= (scenario.once ? 1 : options.rounds); round++) {
      for (const server of servers) {
        const before = results[server.side];
        if (typeof before === 'string') continue;
        process.stderr.write(`${scenario.name}, round ${String(round)}, ${server.side}\n`);
        results[server.side] = await once(scenario, server, options, before);
        server.disconnect();
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  return results;
}

/** One round, laid to the samples of those before. */
async function once(
  scenario: Scenario,
  server: BenchServer,
  options: Options,
  before: Result = {},
): Promise<Result> {
  try {
    const samples = await inTime(scenario.measure(server, options));
    const old = typeof before === 'string' ? {} : before;
    return Object.fromEntries(
      Object.entries(samples).map(([key, values]) => [key, [...(old[key] ?? []), ...values]]),
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a round took more than ${ROUND_MS / 60_000} min`)), ROUND_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
