import type { Engine } from './engine';
import { lacking, run } from './run';

const RUNSC = '/usr/bin/runsc';

/** This machine's files behind the kernel of gVisor; what is written there is gone afterwards. */
export class Gvisor implements Engine {
  readonly name = 'gVisor';
  readonly cwd = '/tmp';

  missing(): string | undefined {
    return lacking([RUNSC], 'runsc');
  }

  async start(): Promise<void> {
    const [program = '', ...args] = this.words();
    await run(program, [...args, 'true']);
  }

  words(): string[] {
    return [RUNSC, '--network=none', '--ignore-cgroups', '--platform=ptrace', 'do'];
  }

  async dispose(): Promise<void> {}
}
