/** Measures both servers in turn and prints a table. It judges nothing. */
import { HELP, readOptions, UsageError, type Options } from './options.js';
import { SCENARIOS } from './scenarios/index.js';
import { BenchServer, makers, type Maker, type Side } from './servers.js';
import { failures, HEAD, line, type Result } from './table.js';
import type { Scenario } from './types.js';

const BAD_USAGE = 2;
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
  const { only } = options;
  const wanted = SCENARIOS.filter(({ name }) => only.length === 0 || only.includes(name));
  const sides = await makers(options);
  const notes: string[] = [];
  console.log(HEAD);
  for (const scenario of wanted) {
    const results = await inTurn(scenario, sides, options);
    for (const row of scenario.rows) console.log(line(row, results));
    notes.push(...failures(scenario.name, results));
  }
  for (const note of notes) console.log(`\nNot measured: ${note}`);
}

/** Each server is started afresh for the scenario and stays for all its rounds. */
async function inTurn(
  scenario: Scenario,
  sides: readonly Maker[],
  options: Options,
): Promise<Partial<Record<Side, Result>>> {
  const results: Partial<Record<Side, Result>> = {};
  const servers = await Promise.all(sides.map((side) => BenchServer.start(side)));
  try {
    for (let round = 1; round <= options.rounds; round++) {
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
