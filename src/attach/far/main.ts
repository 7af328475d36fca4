import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../values';
import { thisMachine } from '../thisMachine';
import { platformOf, SERVER, type Word } from '../words';
import { load } from './compiled';
import { CutOff, readLine } from './input';
import { findPayload } from './places';
import { keepInUse } from './sweep';

/**
 * The far half of `attach`, run by `node -e CODE NONCE LIKELY`: names the machine, takes the payload unless it is there,
 * and becomes the exec-server in it, on the same stdin and stdout.
 *
 * @param likely a platform and the key of its payload, so that a machine of that platform need not ask
 */
export async function main(nonce: string, likely: string): Promise<void> {
  const say = (word: Word): void => void writeSync(1, `${nonce}${JSON.stringify(word)}\n`);
  const folder = await findOrSayWhy(say, likely);
  if (folder === undefined) process.exit(1);
  keepInUse(folder);
  say({ is: 'ready', folder });
  become(join(folder, SERVER));
}

async function findOrSayWhy(say: (word: Word) => void, likely: string): Promise<string | undefined> {
  try {
    const machine = thisMachine();
    say({ is: 'machine', ...machine });
    const [platform, likelyKey = ''] = likely.split(':');
    const key = platform === platformOf(machine) ? likelyKey : readLine();
    const there = findPayload(key);
    if (there !== undefined) return there;
    const { take } = await import('./take');
    return take(key, say);
  } catch (error) {
    if (!(error instanceof CutOff)) say({ is: 'failed', reason: messageOf(error) });
    return undefined;
  }
}

/** Runs the server in this process. Its command line looks to it as if it were a program of its own. */
function become(server: string): void {
  // Without a space: Slurm's proctrack/linuxproc cannot find the processes below one that has it in its name.
  process.title = 'exec-server';
  process.argv = [process.execPath, server, '--listen', 'stdio'];
  process.execArgv = [];
  const loaded = load(server) as { readonly serve: (options: { listen: string }) => Promise<void> };
  loaded.serve({ listen: 'stdio' }).catch((error: unknown) => {
    writeSync(2, `exec-server: ${messageOf(error)}\n`);
    process.exit(1);
  });
}
