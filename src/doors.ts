import { doorCommand } from './cli/doors';
import { DOORS_HELP } from './cli/doors/help';
import { messageOf } from './values';

/** The program that configurations of agents name: it outlives updates, and needs nothing that lies beside it. */
const BAD_USAGE = 2;

try {
  const doing = doorCommand(process.argv.slice(2));
  if (doing) doing.catch(fail);
  else {
    process.stderr.write(DOORS_HELP);
    process.exitCode = BAD_USAGE;
  }
} catch (error) {
  fail(error);
}

function fail(error: unknown): void {
  process.stderr.write(`exec-server: ${messageOf(error)}\n`);
  process.exit(1);
}
