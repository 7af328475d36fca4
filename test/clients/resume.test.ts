/** A connection that breaks again and again: every byte once, every line of input once. SOAK_CUTS=1000 for the long form. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Environment, type ExecProcess } from '../../src/environment';
import { BrokenLine } from './brokenLine';
import { sh, start } from './collect';
import { listening } from './ends';

const CUTS = Number(process.env['SOAK_CUTS'] ?? 40);
const BLOCK = 65_536;
const BLOCKS = 1024;
const SERVER = fileURLToPath(new URL('retainingServer.ts', import.meta.url));

/** Byte number n of the stream is a function of n that has no short period. */
const FILL =
  'const block=(i)=>{const b=Buffer.alloc(65536);for(let j=0;j<65536;j++)b[j]=(i*31+j*7+(j>>8))&255;return b};';
const expected = (at: number): number => {
  const j = at % BLOCK;
  return (Math.floor(at / BLOCK) * 31 + j * 7 + (j >> 8)) & 255;
};

/** Looks at every byte until the close. */
async function check(process: ExecProcess): Promise<number> {
  let at = 0;
  for await (const event of process.subscribeEvents()) {
    if (event.type === 'failed') assert.fail(event.message);
    if (event.type === 'dropped') assert.fail(`${String(event.bytes)} bytes dropped at ${String(at)}`);
    if (event.type !== 'output') continue;
    for (const byte of event.chunk) {
      if (byte !== expected(at)) assert.fail(`wrong byte at ${String(at)}`);
      at++;
    }
  }
  return at;
}

describe(`64 MiB over a line that is cut ${String(CUTS)} times`, function () {
  this.timeout(60_000 + CUTS * 1000);
  let server: Awaited<ReturnType<typeof listening>>;
  let line: BrokenLine;
  let environment: Environment;
  before(async () => {
    server = await listening(process.execPath, ['--import', 'tsx', SERVER]);
  });
  after(() => server.child.kill('SIGKILL'));
  beforeEach(async () => {
    line = await BrokenLine.to(server.url);
    environment = Environment.remote({ id: 'far', url: line.url });
  });
  afterEach(async () => {
    await environment[Symbol.asyncDispose]();
    line.close();
  });

  it('asked for block by block: input and output arrive once', async () => {
    const script = `${FILL}let n=0;process.stdin.on('data',(d)=>{for(const c of d)if(c===10)fs.writeSync(1,block(n++))})`;
    const argv = [process.execPath, '-e', script];
    const child = await start(environment.getExecBackend(), { ...sh('', { pipeStdin: true }), argv });
    const total = check(child);
    const every = BLOCKS / CUTS;
    let due = 0;
    for (let block = 0; block < BLOCKS; block++) {
      const written = child.write(Buffer.from('\n'));
      if (block >= due) {
        due += every;
        while (!line.isOpen) await sleep(1);
        // From the middle of the handshake to the middle of the stream.
        await sleep(Math.random() * 8);
        line.cut();
      }
      assert.deepEqual(await written, { status: 'accepted' });
    }
    await child.closeStdin();
    assert.equal(await total, BLOCKS * BLOCK);
    assert.ok(line.cuts >= CUTS, `only ${String(line.cuts)} cuts`);
  });

  it('as fast as it goes: cut in the middle of notifications and of catching up', async () => {
    let left = 1 + Math.random() * 4e6;
    let cuts = Math.min(CUTS, 100);
    line.passed = (bytes) => {
      left -= bytes;
      if (left > 0 || cuts === 0) return;
      cuts--;
      // Now and then before the handshake is through.
      left = Math.random() < 0.2 ? Math.random() * 500 : 1.5e6 + Math.random() * 3e6;
      setImmediate(() => line.cut());
    };
    const argv = [process.execPath, '-e', `${FILL}for(let n=0;n<1024;n++)fs.writeSync(1,block(n))`];
    const child = await start(environment.getExecBackend(), { ...sh(''), argv });
    assert.equal(await check(child), BLOCKS * BLOCK);
    assert.ok(line.cuts > 10, `only ${String(line.cuts)} cuts`);
  });
});
