/** A connection that breaks again and again: every byte once, every line of input once. SOAK_CUTS=1000 for the long form. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { Environment, type ExecProcess } from '../../src/environment';
import { BrokenLine } from './brokenLine';
import { sh, start } from './collect';
import { codexProgram, listening, ourServer } from './ends';

const CUTS = Number(process.env['SOAK_CUTS'] ?? 40);
const BLOCK = 65_536;
const BLOCKS = 1024;
const RETAINING_SERVER = fileURLToPath(new URL('retainingServer.ts', import.meta.url));

/** Byte number n of the stream is a function of n that has no short period. */
const FILL =
  'const block=(i)=>{const b=Buffer.alloc(65536);for(let j=0;j<65536;j++)b[j]=(i*31+j*7+(j>>8))&255;return b};';
const expected = (at: number): number => {
  const j = at % BLOCK;
  return (Math.floor(at / BLOCK) * 31 + j * 7 + (j >> 8)) & 255;
};

/** Looks at every byte until the close. */
class Reader {
  at = 0;
  readonly done: Promise<void>;
  private over = false;

  constructor(process: ExecProcess) {
    this.done = this.check(process).finally(() => (this.over = true));
    this.done.catch(() => undefined);
  }

  /** Waits until so many bytes are there, or no more will come. */
  async reaches(count: number): Promise<void> {
    while (this.at < count && !this.over) await sleep(1);
  }

  private async check(process: ExecProcess): Promise<void> {
    for await (const event of process.subscribeEvents()) {
      if (event.type === 'failed') assert.fail(event.message);
      if (event.type === 'dropped') assert.fail(`${String(event.bytes)} bytes dropped at ${String(this.at)}`);
      if (event.type !== 'output') continue;
      for (const byte of event.chunk) {
        if (byte !== expected(this.at)) assert.fail(`wrong byte at ${String(this.at)}`);
        this.at++;
      }
    }
    assert.equal(this.at, BLOCKS * BLOCK);
  }
}

const LISTEN = ['--listen', 'ws://127.0.0.1:0'];

/** Blocks asked for beyond what has arrived: less than the 1 MiB that servers retain. */
const AHEAD = 8;

for (const [name, serve] of Object.entries({
  ours: ourServer,
  'codex exec-server': async () => listening(await codexProgram(), ['exec-server', ...LISTEN]),
})) {
  it(`64 MiB from ${name}, asked for block by block, over a line that is cut ${String(CUTS)} times: input and output arrive once`, async function () {
    this.timeout(CASE_MS + CUTS * 1000);
    const server = await serve();
    const line = await BrokenLine.to(server.url);
    const environment = Environment.remote({ id: 'far', url: line.url });
    try {
      const script = `${FILL}let n=0;process.stdin.on('data',(d)=>{for(const c of d)if(c===10)fs.writeSync(1,block(n++));if(n===${String(BLOCKS)})process.exit()})`;
      const argv = [process.execPath, '-e', script];
      const child = await start(environment.getExecBackend(), { ...sh('', { pipeStdin: true }), argv });
      const reader = new Reader(child);
      const every = BLOCKS / CUTS;
      let due = 0;
      for (let block = 0; block < BLOCKS; block++) {
        await reader.reaches((block - AHEAD) * BLOCK);
        const written = child.write(Buffer.from('\n'));
        if (block >= due) {
          due += every;
          for (const before = line.cuts; line.cuts === before;) {
            while (!line.isOpen) await sleep(1);
            // From the middle of the handshake to the middle of the stream.
            await sleep(Math.random() * 8);
            line.cut();
          }
        }
        assert.deepEqual(await written, { status: 'accepted' });
      }
      await reader.done;
      assert.ok(line.cuts >= CUTS, `only ${String(line.cuts)} cuts`);
    } finally {
      await environment[Symbol.asyncDispose]();
      line.close();
      server.child.kill('SIGKILL');
    }
  });
}

it('64 MiB as fast as it goes, cut in the middle of notifications and of catching up', async function () {
  this.timeout(CASE_MS);
  const server = await listening(process.execPath, ['--import', 'tsx', RETAINING_SERVER]);
  const line = await BrokenLine.to(server.url);
  const environment = Environment.remote({ id: 'far', url: line.url });
  try {
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
    await new Reader(await start(environment.getExecBackend(), { ...sh(''), argv })).done;
    assert.ok(line.cuts > 10, `only ${String(line.cuts)} cuts`);
  } finally {
    await environment[Symbol.asyncDispose]();
    line.close();
    server.child.kill('SIGKILL');
  }
});
