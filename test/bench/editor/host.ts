/** What the editor is told to run as its tests: it keeps the window open, with a gauge, until the bench lets go. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { answers, server } from '../../support/gauge.cjs';
import { measureDoors } from './doors';

export async function run(): Promise<void> {
  if (!server) throw new Error('GAUGE_SOCKET is not set');
  answers['doors'] = measureDoors;
  const [socket] = (await once(server, 'connection')) as [Socket];
  await once(socket, 'close');
  // Without a result the run would count as a crash.
  const results = [{ title: 'bench', state: 'passed' }];
  writeFileSync(process.env['TEST_RESULTS'] ?? '', JSON.stringify({ results }));
}
