/** Runs one program on pipes, one in a terminal and one in a sandbox, and prints what came of it as JSON. */
import { ProcessTable } from '../../../../src/process/processTable';
import type { SpawnSpec } from '../../../../src/process/types';
import { decodeSandbox } from '../../../../src/sandbox';
import { READ_ONLY_SANDBOX } from '../../../support/readOnlySandbox';
import { run, shell } from '../helpers';

const table = new ProcessTable({}, { warn: (message) => losses.push(message) });
const losses: string[] = [];

const outcome = async (
  script: string,
  tty: boolean,
  more: Partial<SpawnSpec> = {},
): Promise<[text: string, exitCode: number | null]> => {
  try {
    const { text, process } = await run(table, shell(script, { tty, size: { rows: 7, cols: 11 }, ...more }));
    return [text(), process.exitCode];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error), null];
  }
};

void (async () => {
  const pipes = await outcome('echo out; { echo again > /dev/stdout; } 2>/dev/null; exit 4', false);
  const terminal = await outcome('tty; stty size; exit 3', true);
  const confined = await outcome('echo confined', false, { sandbox: decodeSandbox(READ_ONLY_SANDBOX) });
  await table.shutdown();
  process.stdout.write(JSON.stringify({ losses, pipes, terminal, confined }));
  process.exit(0);
})();
