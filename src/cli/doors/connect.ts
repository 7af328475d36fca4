import { NextWindow } from './nextWindow';
import { WireRelay } from './wireRelay';

/**
 * Carries the wire of the window that is open for the working directory on stdin and stdout, until stdin ends. Rejects
 * with a sentence when there is no window, or it refuses.
 */
export async function connect(): Promise<void> {
  const window = new NextWindow(process.cwd());
  const over = (): never => process.exit(0);
  const { stdin, stdout } = process;
  // Whoever started us has gone: so do we.
  stdout.on('error', over);
  const relay = new WireRelay({ connect: () => window.connect(), output: stdout, over });
  await relay.open();
  for await (const chunk of stdin) await relay.receive(chunk as Buffer);
  relay.end();
}
