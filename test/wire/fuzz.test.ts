import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { both, ours, type Case } from './cases.js';
import { Client } from './client.js';
import { checkAnswer, declaredNames } from './fuzz/declared.js';
import { Frames, type Frame } from './fuzz/frames.js';
import { HANDSHAKE, TARGETS, type Mode } from './fuzz/methods.js';
import { Random } from './fuzz/random.js';
import { Talk } from './fuzz/talk.js';
import type { Scratch } from './fuzz/values.js';
import { rudeWeb } from './fuzz/web.js';
import { alive } from './procfs.js';
import { FrameClient } from './rawFrames.js';
import { dial } from './rawHttp.js';
import { handshake, type Session } from './session.js';
import type { Server } from './target.js';

/** FUZZ_SEED repeats a run; FUZZ_FRAMES=100000 is the soak. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 4000);
const MS_PER_FRAME = 20;
const FRAMES_PER_CONNECTION = 300;
const MAX_BATCH = 40;
const NOISES = Math.ceil(FRAMES / 100);
/** Pipes that a server keeps ready for the next processes. */
const SPARE_DESCRIPTORS = 160;
const MODES: readonly Mode[] = ['exec', 'exec', 'exec', 'app', 'none'];

async function scratchOf(t: Case): Promise<Scratch> {
  const dir = await t.dir();
  // Copies of copies may nest deeper than a path can say, which only this program can undo.
  t.defer(() => execFileSync('rm', ['-rf', dir]));
  await mkdir(`${dir}/dir/deeper`, { recursive: true });
  await mkdir(`${dir}/.hidden`);
  await Promise.all(['a', 'b', 'dir/x', '.hidden/y'].map((name) => writeFile(`${dir}/${name}`, name)));
  await symlink('dir', `${dir}/link`);
  execFileSync('mkfifo', [`${dir}/fifo`]);
  return { dir, webUrl: await rudeWeb(t) };
}

/** A client that must not notice anything of what the others do. */
class Bystander {
  private count = 0;

  constructor(private readonly session: Session) {}

  async isServed(): Promise<void> {
    assert.deepEqual(await this.session.client.call('environment/status'), { status: 'ready' });
    if (++this.count % 10 > 0) return;
    assert.equal(await this.session.text(`echo ${String(this.count)}`), String(this.count));
    this.session.client.log.length = 0;
  }
}

async function open(
  t: Case,
  server: Server,
  mode: Mode,
  resume?: string,
): Promise<{ talk: Talk; id?: string }> {
  const client = await t.connect(server);
  let id: string | undefined;
  if (mode === 'exec') ({ id } = await handshake(client, resume ?? null));
  if (mode === 'app') {
    const capabilities = { experimentalApi: true };
    await client.call('initialize', { clientInfo: { name: 'fuzz', version: '1' }, capabilities });
  }
  return {
    talk: new Talk(client, mode, (method, answer) => checkAnswer(mode, method, answer)),
    ...(id === undefined ? {} : { id }),
  };
}

/** One connection's frames; what it leaves behind is ended. Returns how many frames there were. */
async function converse(
  t: Case,
  server: Server,
  frames: Frames,
  mode: Mode,
  bystander: Bystander,
): Promise<number> {
  const { talk, id } = await open(t, server, mode);
  let sent = 0;
  while (sent < FRAMES_PER_CONNECTION && !talk.isClosed) {
    const batch: Frame[] = [];
    let last: Frame | undefined;
    for (let left = 1 + frames.random.below(MAX_BATCH); left > 0 && !last; left--) {
      const frame = frames.next();
      if (frame.fate === 'fatal' || frame.fate === 'any') last = frame;
      else batch.push(frame);
    }
    sent += batch.length + (last ? 1 : 0);
    await talk.batch(batch);
    if (last?.fate === 'fatal') await talk.fatal(last);
    else if (last) await talk.any(last);
    await bystander.isServed();
  }
  if (!talk.isClosed) {
    await talk.finish();
    await talk.client.drop();
  } else if (id !== undefined) {
    const again = await open(t, server, mode, id);
    await again.talk.finish();
    await again.talk.client.drop();
  }
  return sent;
}

/** Anything that looks like an error nobody caught. */
const CRASH = /unhandled|uncaught|^\s+at /im;

async function isUnharmed(server: Server): Promise<void> {
  assert.equal(alive(server.pid), true, `the server has ended: ${server.stderr.slice(-2000)}`);
  assert.doesNotMatch(server.stderr, CRASH);
  const last = await handshake(await Client.open(server.url));
  assert.equal(await last.text('echo still here'), 'still here');
  await last.client.drop();
}

const descriptors = (server: Server): number => readdirSync(`/proc/${String(server.pid)}/fd`).length;

describe('whatever comes', () => {
  ours(
    'messages: every declared method is among those that the random frames name',
    () => {
      const named = [...TARGETS, HANDSHAKE].map(({ method }) => method);
      assert.deepEqual([...new Set(named)].sort(), [...new Set(declaredNames())].sort());
      return Promise.resolve();
    },
    'the declarations are ours',
  );

  ours(
    `messages: ${String(FRAMES)} random frames, seed ${String(SEED)}: each meets its fate, others are served`,
    async (t) => {
      t.timeout(CASE_MS + FRAMES * MS_PER_FRAME);
      const server = await t.ownServer();
      const scratch = await scratchOf(t);
      const bystander = new Bystander(await t.session(server));
      const random = new Random(SEED);
      const before = descriptors(server);
      let sent = 0;
      while (sent < FRAMES) {
        const mode = random.pick(MODES);
        const frames = new Frames(random, scratch, mode);
        try {
          sent += await converse(t, server, frames, mode, bystander);
        } catch (error) {
          const place = `seed ${String(SEED)}, behind frame ${String(sent)}, mode ${mode}`;
          throw new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        }
      }
      await isUnharmed(server);
      const limit = before + SPARE_DESCRIPTORS;
      for (let left = 600; left > 0 && descriptors(server) > limit; left--) await delay(100);
      const left = descriptors(server);
      assert.ok(left <= limit, `${String(left)} descriptors, ${String(before)} before`);
    },
    'the frames are made from our declarations',
  );

  both(
    `listener: ${String(NOISES)} connections of random bytes, seed ${String(SEED)}: others are served`,
    async (t) => {
      t.timeout(CASE_MS + NOISES * 1000);
      const server = await t.ownServer();
      const bystander = new Bystander(await t.session(server));
      const random = new Random(SEED);
      for (let left = NOISES; left > 0; left--) {
        const noise = random.bytes(1 + random.below(2000));
        if (random.chance(0.5)) {
          const { socket } = await FrameClient.open(server);
          socket.write(noise);
          await bystander.isServed();
          socket.destroy();
        } else {
          const socket = dial(server);
          socket.write(
            random.chance(0.5) ? noise : Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n'), noise]),
          );
          await bystander.isServed();
          socket.destroy();
        }
      }
      await isUnharmed(server);
    },
  );
});
