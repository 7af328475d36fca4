import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { dial, findWindow } from '../../../../src/agents/discovery';
import { Desk } from './support';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

describe('the private socket', () => {
  let desk: Desk;
  beforeEach(() => (desk = new Desk()));
  afterEach(() => desk.clear());

  it('carries every byte after the first line, both ways, until either side ends', async () => {
    const folder = desk.folder('a');
    await desk.window([folder]);
    const socket = await dial(findWindow(folder, desk.windows), 'echo');
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    socket.end(sent);
    const parts: Buffer[] = [];
    for await (const part of socket) parts.push(part as Buffer);
    assert.ok(Buffer.concat(parts).equals(sent));
  });

  it('refuses a door that is not there, in a sentence that names those that are', async () => {
    const folder = desk.folder('a');
    await desk.window([folder]);
    await assert.rejects(
      dial(findWindow(folder, desk.windows), 'toString'),
      /no door "toString"; there are: echo/,
    );
    assert.match(desk.refusals.join(), /no door/);
  });

  for (const [what, line, words] of [
    ['no JSON', 'GET / HTTP/1.1\n', /must be JSON/],
    ['a line without end', 'x'.repeat(5000), /longer than 4096/],
  ] as const) {
    it(`answers ${what} with a sentence and goes on`, async () => {
      const folder = desk.folder('a');
      const window = await desk.window([folder]);
      const socket = connect(window.socket);
      socket.write(line);
      assert.match(await text(socket), words);
      await dial(findWindow(folder, desk.windows), 'echo').then((next) => next.destroy());
    });
  }

  for (const [what, said] of [
    ['say nothing', ''],
    ['never end their first line', 'x'.repeat(4000)],
    ['say what is refused, and stay', 'x\n'],
  ] as const) {
    it(`opens its doors whatever the number of programs that ${what}, and holds few of them`, async () => {
      const folder = desk.folder('a');
      const window = await desk.window([folder]);
      const sockets = Array.from({ length: 500 }, () =>
        connect({ path: window.socket, allowHalfOpen: true }).on('error', () => undefined),
      );
      let open = sockets.length;
      for (const socket of sockets) {
        socket.on('close', () => (open -= 1));
        socket.on('end', () => socket.destroy()).resume();
        socket.write(said);
      }
      const next = await dial(findWindow(folder, desk.windows), 'echo');
      next.end('here');
      assert.equal(await text(next), 'here');
      // Those that were in its way have gone, long before their time to speak is over.
      const patience = Date.now() + 3000;
      while (open > 256 && Date.now() < patience) await sleep(10);
      assert.ok(open <= 256, `${open} are there`);
      for (const socket of sockets) socket.destroy();
    });
  }

  it('hears a program that was refused no longer than a moment', async () => {
    const window = await desk.window([desk.folder('a')]);
    const socket = connect({ path: window.socket, allowHalfOpen: true }).on('error', () => undefined);
    socket.resume().write('x\n');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const writing = setInterval(() => socket.write('more\n'), 50);
    await closed;
    clearInterval(writing);
  });

  it('refuses more than 256 programs behind its doors, in words, until one of them leaves', async () => {
    const folder = desk.folder('a');
    await desk.window([folder]);
    const enter = () => dial(findWindow(folder, desk.windows), 'echo');
    const inside = await Promise.all(Array.from({ length: 256 }, enter));
    await assert.rejects(enter, /256 programs are connected already/);
    const [first] = inside;
    first?.end();
    await text(first ?? assert.fail());
    for (const next of [await enter(), ...inside]) next.destroy();
  });

  it('says that a window is gone', async () => {
    const folder = desk.folder('a');
    const window = await desk.window([folder]);
    const record = findWindow(folder, desk.windows);
    await window.close();
    await assert.rejects(dial(record, 'echo'), /Cannot connect to Editor \(pid \d+\)/);
  });

  it('has an address that fits, however long the folder, and leaves nothing behind', async () => {
    desk.windows = join(desk.root, 'x'.repeat(120), 'windows');
    const folder = desk.folder('a');
    const window = await desk.window([folder]);
    assert.ok(Buffer.byteLength(window.socket) <= 107);
    const socket = await dial(findWindow(folder, desk.windows), 'echo');
    socket.end('here');
    assert.equal(await text(socket), 'here');
    await window.close();
    assert.deepEqual(readdirSync(desk.windows), []);
    assert.equal(existsSync(dirname(window.socket)), false);
  });

  it('refuses another user even where the folder lets them in', async function () {
    if (!isRoot || process.platform !== 'linux') return this.skip();
    const window = await desk.window([desk.folder('a')]);
    chmodSync(desk.root, 0o711);
    chmodSync(desk.windows, 0o711);
    chmodSync(window.socket, 0o777);
    const script = `const s = require('net').connect(${JSON.stringify(window.socket)});
      s.end('{"door":"echo"}\\n'); s.pipe(process.stdout); s.on('error', (e) => console.log(e.code));`;
    const child = spawn(process.execPath, ['-e', script], {
      uid: NOBODY,
      gid: NOBODY,
      cwd: '/',
    });
    const said = text(child.stdout);
    await once(child, 'exit');
    assert.match(await said, /another user/);
  });
});
