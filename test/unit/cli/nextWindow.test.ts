import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { announce, tellOff, type Announced } from '../../../src/agents/discovery';
import { NextWindow } from '../../../src/cli/doors/nextWindow';
import { Desk } from '../agents/discovery/support';

describe('the next window of a folder', function () {
  // Less than a window is waited for that may come.
  this.timeout(25_000);
  let desk: Desk;
  const open: Announced[] = [];
  beforeEach(() => (desk = new Desk()));
  afterEach(async () => {
    for (const window of open.splice(0)) await window.close();
    await desk.clear();
  });

  /** A window that ends connections when it is told to. */
  async function window(folder: string): Promise<{ announced: Announced; sockets: Socket[] }> {
    const sockets: Socket[] = [];
    const doors = { wire: (socket: Socket) => void sockets.push(socket.resume()) };
    const { windows } = desk;
    const options = { kind: 'window', name: 'Editor', folders: [folder], windows, doors } as const;
    const announced = await announce({ ...options, refused: () => undefined });
    open.push(announced);
    return { announced, sockets };
  }
  const closed = async (socket: Socket): Promise<unknown> =>
    once(
      socket.resume().once('end', () => socket.end()),
      'close',
    );

  /** Somebody who has lost the connection to a window that still stands there. */
  const lost = async () => {
    const folder = desk.folder('a');
    const { announced, sockets } = await window(folder);
    const next = new NextWindow(folder, desk.windows);
    const first = closed(await next.connect());
    sockets[0]?.destroy();
    await first;
    return { folder, announced, sockets, next };
  };

  it('is waited for while the one that is lost still stands there', async () => {
    const { folder, announced, next } = await lost();
    const again = next.connect();
    await announced.close();
    const other = await window(folder);
    const socket = await again;
    assert.equal(other.sockets.length, 1);
    socket.destroy();
  });

  it('is the same again when that has dropped all who were connected', async () => {
    const { announced, sockets, next } = await lost();
    announced.droppedAll();
    (await next.connect()).destroy();
    assert.equal(sockets.length, 2);
  });

  it('is not waited for while a person has its server off, and is found once that is on again', async () => {
    const folder = desk.folder('a');
    const { announced } = await window(folder);
    const next = new NextWindow(folder, desk.windows);
    const first = closed(await next.connect());
    const { windows } = desk;
    await announced.close();
    await first;
    const said = { kind: 'window', name: 'Editor', folders: [folder], windows } as const;
    const off = tellOff(announced.socket, said);
    await assert.rejects(
      next.connect(),
      /Editor has .*\/a open, and its server is off\. "Exec Server: Start/,
    );
    off.removeNow();
    const again = next.connect();
    const other = await window(folder);
    (await again).destroy();
    assert.equal(other.sockets.length, 1);
  });

  it('is not waited for when who would open it again has gone with it', async () => {
    const folder = desk.folder('a');
    const { announced } = await window(folder);
    const [file = ''] = readdirSync(desk.windows).filter((name) => name.endsWith('.json'));
    const path = join(desk.windows, file);
    const record = JSON.parse(readFileSync(path, 'utf8')) as { opener: object };
    const { pid } = spawnSync('true');
    writeFileSync(path, JSON.stringify({ ...record, opener: { ...record.opener, pid } }));
    const next = new NextWindow(folder, desk.windows);
    const first = closed(await next.connect());
    await announced.close();
    await first;
    await assert.rejects(next.connect(), /^NoWindowError: No editor window with Exec Server is open for/);
  });

  it('is not the one that stays, and has ended the connection: a person wanted that', async () => {
    const folder = desk.folder('a');
    const { sockets } = await window(folder);
    const next = new NextWindow(folder, desk.windows);
    const first = closed(await next.connect());
    sockets[0]?.destroy();
    await first;
    await assert.rejects(
      next.connect(),
      /Editor has ended the connection of this agent\. Start the agent anew/,
    );
    assert.equal(sockets.length, 1);
  });

  it('is not waited for where there was never one', async () => {
    const next = new NextWindow(desk.folder('a'), desk.windows);
    await assert.rejects(next.connect(), /^NoWindowError: No editor window with Exec Server is open for/);
  });
});
