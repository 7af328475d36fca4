/** A program that uses the library, prints the pid of what it runs, and waits to be killed. */
import { Environment } from '../../src';

async function main(): Promise<void> {
  const environment = await Environment.create();
  const { process: child } = await environment.getExecBackend().start({
    processId: 'sleeper',
    argv: ['/bin/sh', '-c', 'echo $$; exec sleep 600'],
    cwd: '/tmp',
    env: { PATH: process.env['PATH'] ?? '' },
    tty: false,
    pipeStdin: false,
  });
  for await (const event of child.subscribeEvents()) {
    if (event.type === 'output') process.stdout.write(event.chunk);
  }
}

void main();
