import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STEP_MS } from '../../../scripts/host/patience.mjs';
import { CloseCode, LineTransport } from '../../../src/rpc';

const MIB = 1024 * 1024;

/** A transport over the pipes of a real program, and what it tells its owner. */
class Line {
  readonly messages: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly transport: LineTransport;
  drains = 0;
  onMessage: (text: string) => void = () => undefined;

  constructor(
    readonly child: ChildProcessWithoutNullStreams,
    messageBytes = 64 * MIB,
  ) {
    let end: (how: { code: number; reason: string }) => void;
    this.closed = new Promise((resolve) => {
      end = resolve;
    });
    this.transport = new LineTransport(
      child.stdout,
      child.stdin,
      {
        message: (data) => {
          this.messages.push(data.toString());
          this.onMessage(data.toString());
        },
        drained: () => {
          this.drains++;
        },
        closed: (code, reason) => end({ code, reason }),
      },
      { peerName: 'a child', messageBytes },
    );
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + STEP_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(5);
  }
}

describe('a transport of lines, over real pipes', function () {
  const children: ChildProcessWithoutNullStreams[] = [];
  const line = (script: string, messageBytes?: number): Line => {
    const child = spawn('/bin/sh', ['-c', script]);
    children.push(child);
    return new Line(child, messageBytes);
  };
  before(function () {
    if (process.platform === 'win32') {
      console.log('      skipped: the programs of this suite need a POSIX shell');
      this.skip();
    }
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('carries messages both ways, complete and in order, text and bytes', async () => {
    const { transport, messages, child, closed } = line('cat');
    const sent = Array.from({ length: 2000 }, (_, n) => {
      return `{"n":${n},"é€😀":"${randomBytes(n * 7).toString('base64')}"}`;
    });
    sent.forEach((text, n) => transport.send(n % 2 ? text : Buffer.from(text)));
    const total = sent.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
    assert.ok(transport.unsentBytes > 0 && transport.unsentBytes <= total);
    await until('all of them', () => messages.length === sent.length);
    assert.deepEqual(messages, sent);
    assert.equal(transport.unsentBytes, 0);
    transport.close(CloseCode.goingAway, 'done');
    assert.deepEqual(await closed, { code: 1001, reason: 'done' });
    if (child.exitCode === null) await once(child, 'exit');
    assert.equal(child.exitCode, 0, 'the end of its input ends the child');
  });

  it('counts what a child does not read, and goes on when it does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lines-'));
    const go = join(folder, 'go');
    const all = line(`while [ ! -e '${go}' ]; do sleep 0.02; done; exec cat`);
    const { transport, messages } = all;
    const text = JSON.stringify('x'.repeat(MIB));
    try {
      for (let i = 0; i < 4; i++) transport.send(text);
      // Some turns in which a child that reads would have taken it all; a pipe holds 64 KiB, a socket some more.
      await sleep(100);
      assert.ok(transport.unsentBytes > 3 * MIB, String(transport.unsentBytes));
      await writeFile(go, '');
      await until('all of them', () => messages.length === 4);
      assert.ok(messages.every((message) => message === text));
      assert.equal(transport.unsentBytes, 0);
      assert.equal(all.drains, 4);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('gives up a reader that is stuck', async () => {
    const { transport, closed } = line('exec sleep 60');
    transport.send('x'.repeat(4 * MIB));
    transport.close(CloseCode.goingAway, 'stuck');
    assert.deepEqual(await closed, { code: 1001, reason: 'stuck' });
  });

  it('holds back a child that writes while nothing is to be read', async () => {
    const all = line('i=0; while [ $i -lt 40000 ]; do i=$((i+1)); echo "{\\"n\\":$i}"; done');
    all.onMessage = () => {
      if (all.messages.length === 1) all.transport.setReading(false);
    };
    await until('the first', () => all.messages.length > 0);
    await sleep(200);
    const held = all.messages.length;
    // What one read brings at most: 64 KiB.
    assert.ok(held < 8000, String(held));
    assert.equal(all.child.exitCode, null, 'the child waits');
    all.transport.setReading(true);
    await all.closed;
    assert.deepEqual(
      all.messages,
      Array.from({ length: 40_000 }, (_, n) => `{"n":${n + 1}}`),
    );
  });

  it('takes a last line without an end, and then still sends what was answered', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lines-'));
    const all = line(`printf '{"ask":1}'; exec 1>&-; sleep 0.3; cat > '${folder}/got'`);
    const answer = JSON.stringify('y'.repeat(MIB));
    all.onMessage = () => all.transport.send(answer);
    try {
      assert.deepEqual(await all.closed, { code: 1000, reason: 'end of input' });
      if (all.child.exitCode === null) await once(all.child, 'exit');
      assert.deepEqual(all.messages, ['{"ask":1}']);
      assert.equal(await readFile(join(folder, 'got'), 'utf8'), `${answer}\n`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('ends once with the child, whatever was under way', async () => {
    const all = line('exec sleep 60');
    all.transport.send('x'.repeat(4 * MIB));
    all.child.kill('SIGKILL');
    const { code } = await all.closed;
    assert.ok([1000, 1006].includes(code), String(code));
    all.transport.send('{}');
    all.transport.close(CloseCode.goingAway, 'again');
  });

  it('waits for nobody once the child’s input is gone, though something else holds its output', async () => {
    const { child, closed, transport } = line('sleep 5 & echo {}; exec sleep 60');
    await once(child.stdout, 'data');
    child.stdin.destroy();
    await once(child.stdin, 'close');
    transport.close(CloseCode.goingAway, 'gone');
    const turn = new Promise((resolve) => setImmediate(resolve, 'still waits'));
    assert.deepEqual(await Promise.race([closed, turn]), { code: 1001, reason: 'gone' });
  });

  it('ends with a line that is too large, after those before it', async () => {
    const all = line('echo ok; printf %s 12345678901234567890; exec sleep 60', 10);
    assert.deepEqual(await all.closed, { code: 1009, reason: 'a line has more than 10 bytes' });
    assert.deepEqual(all.messages, ['ok']);
  });

  it('ends with a line that is not UTF-8', async () => {
    const all = line(`echo ok; printf '"\\377"\\nlater\\n'; exec sleep 60`);
    assert.deepEqual(await all.closed, { code: 1002, reason: 'a line is not UTF-8' });
    assert.deepEqual(all.messages, ['ok']);
  });
});
