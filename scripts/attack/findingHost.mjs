// What a window listens and looks at for agents on this machine, without an editor: tells its parent what that costs.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { announce, foldersIn, liveRecords } from '../../src/agents/discovery/index.ts';
import { ShownCommands } from '../../src/agents/shell/shownCommands.ts';
import { ProcessTable } from '../../src/environment/index.ts';

const { windows, commands } = foldersIn(process.argv[2] ?? '');
const blocks = monitorEventLoopDelay({ resolution: 5 });
const begun = performance.now();
const announced = await announce({
  kind: 'window',
  name: 'Editor',
  folders: ['/'],
  windows,
  doors: { echo: (socket) => void socket.pipe(socket) },
  refused: () => undefined,
});
const startMs = Math.round(performance.now() - begun);
const table = new ProcessTable();
new ShownCommands({
  table,
  folder: commands,
  judge: () => {
    const isOpen = liveRecords(windows).some(({ socket }) => socket === announced.socket);
    return () => isOpen;
  },
  failed: () => undefined,
});
blocks.enable();
process.on('message', () => {
  const { rss } = process.memoryUsage();
  const most = Math.round(blocks.max / 1e6);
  blocks.reset();
  process.send?.({ startMs, most, rss, shown: table.list().length });
});
process.send?.({ socket: announced.socket });
