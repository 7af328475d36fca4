import { text } from 'node:stream/consumers';
import { Keeper, LISTENING, parseKeepOptions } from '../keep';
import { closeInheritedDescriptors } from '../server';
import { messageOf } from '../values';
import { exitDespiteDisks } from './exit';
import { giveBackMemory } from './giveBack';
import { outliveReaders } from './readers';
import { version } from '../values/version';

/**
 * What the extension starts to keep commands running: a server that reads its options on stdin and outlives whoever has
 * started it. It says on stdout when it listens, or in a sentence why it does not; nobody reads that afterwards.
 */
export async function keep(): Promise<void> {
  outliveReaders();
  const said = await text(process.stdin);
  closeInheritedDescriptors();
  const keeper = await open(said);
  if (!keeper) return;
  process.on('exit', () => keeper.lastMoment());
  exitDespiteDisks();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => keeper.endBySignal(signal));
  process.stdout.write(`${LISTENING}\n`);
}

/** Undefined where there is nothing to do, or why is on stdout. */
async function open(said: string): Promise<Keeper | undefined> {
  try {
    return await Keeper.open({
      options: parseKeepOptions(said),
      version,
      // They lie side by side.
      bundles: __dirname,
      memoryFreed: giveBackMemory,
      ended: () => process.exit(0),
    });
  } catch (error) {
    process.stdout.write(messageOf(error));
    process.exitCode = 1;
    return undefined;
  }
}
