import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Screen } from './screen';
import type { ScreenOptions, ScreenReply, ScreenRequest } from './screen/messages';

/** For who loads this bundle as it is: terminals are big, and few need one. */
export { Screen };

// As a thread it follows what a terminal was sent, so that nobody else waits while it does.
if (parentPort) serve(parentPort, new Screen(workerData as ScreenOptions));

function serve(port: MessagePort, screen: Screen): void {
  let last = Promise.resolve();
  const reply = (message: ScreenReply): void => port.postMessage(message);
  port.on('message', (request: ScreenRequest) => {
    last = last.then(() => handle(request));
  });

  async function handle(request: ScreenRequest): Promise<void> {
    if (request.type === 'resize') screen.resize(request.cols, request.rows);
    else if (request.type === 'snapshot') reply({ type: 'snapshot', ...screen.snapshot() });
    else {
      await screen.write(request.text);
      reply({ type: 'written', characters: request.text.length });
    }
  }
}
