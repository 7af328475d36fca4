import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import type { Environment } from '../../src/environment';
import type { Engine } from './engine/engine';
import { attached, childrenOf, collect, heard, newMark, servers, sleepers, start, until } from './far';

const MIB = 1024 * 1024;
const PIECE = MIB;

/** What holds on any machine. */
export function itIsAMachine(engine: Engine): void {
  const much = 64 * MIB;
  describe(`a machine behind ${engine.name}`, function () {
    this.timeout(CASE_MS);
    let far!: Environment;
    let opened = false;
    const said: string[] = [];
    const sent = (): string[] => said.filter((line) => line.includes('sending'));

    before(async function () {
      const missing = engine.missing() ?? (await engine.start().then(() => undefined, String));
      if (missing === undefined) {
        far = heard(engine, (line) => said.push(line));
        opened = true;
        return;
      }
      console.log(`    ${engine.name} is skipped: ${missing}`);
      this.skip();
    });
    after(async () => {
      if (opened) await far[Symbol.asyncDispose]();
      await engine.dispose();
    });

    it('that never heard of exec-server runs a command: output, and exit code', async () => {
      const before = servers().length;
      const { text, exitCode } = await collect(await start(far, 'echo out; echo err >&2; exit 7'));
      assert.deepEqual([text.split('\n').sort().join(' '), exitCode], [' err out', 7]);
      assert.equal(servers().length, before + 1);
      assert.equal(sent().length, 1, said.join('\n'));
    });

    it('has terminals that are resized and typed into', async () => {
      const script = 'stty size; read x; stty size; echo "got $x"; test -t 0 && exit 5';
      const there = await start(far, script, { tty: true, size: { rows: 40, cols: 120 } });
      let typed = false;
      const { text, exitCode } = await collect(there, async (so) => {
        if (typed || !so.includes('40 120')) return;
        typed = true;
        await there.resize({ rows: 33, cols: 99 });
        await there.write(Buffer.from('yes\n'));
      });
      assert.match(text, /40 120[^]*33 99[^]*got yes/);
      assert.equal(exitCode, 5);
    });

    it('sends 64 MiB as they are', async () => {
      const there = await start(far, `yes 0123456789abcdef | head -c ${much}`);
      const line = Buffer.from('0123456789abcdef\n');
      const all = Buffer.alloc(much, line);
      const { bytes, sha256, failure } = await collect(there);
      assert.deepEqual([bytes, failure], [much, undefined]);
      assert.equal(sha256, createHash('sha256').update(all).digest('hex'));
    });

    it('takes 64 MiB as they are', async () => {
      const there = await start(far, ['sha256sum'], { pipeStdin: true });
      const outcome = collect(there);
      const hash = createHash('sha256');
      const piece = Buffer.alloc(PIECE);
      for (let at = 0; at < much; at += PIECE) {
        for (let i = 0; i < PIECE; i += 4) piece.writeUInt32LE(Math.imul(at + i, 2_654_435_761) >>> 0, i);
        hash.update(piece);
        assert.equal((await there.write(piece)).status, 'accepted');
      }
      await there.closeStdin();
      assert.equal((await outcome).text.slice(0, 64), hash.digest('hex'));
    });

    it('a kill reaches the whole family, those that left the session and the deaf ones too', async () => {
      const mark = newMark();
      const deaf = `(trap '' TERM HUP INT; sleep ${mark}; sleep ${mark}) &`;
      const there = await start(far, `sleep ${mark} & setsid sleep ${mark} & ${deaf} wait`);
      await until(() => sleepers(mark) === 3, 'the family');
      const outcome = collect(there);
      await there.terminate();
      await outcome;
      await until(() => sleepers(mark) === 0, 'its end');
    });

    it('has two clients at once, and nothing is sent again', async () => {
      said.length = 0;
      await using second = heard(engine, (line) => said.push(line));
      const [one, two] = await Promise.all(
        [far, second].map(async (each) => collect(await start(each, `ls -d "$0"`.replace('$0', '/tmp')))),
      );
      assert.deepEqual([one?.text, two?.text], ['/tmp\n', '/tmp\n']);
      assert.ok(said.some((line) => line.includes('exec-server runs from')));
      assert.deepEqual(sent(), []);
    });

    it('the transport killed: told, and nothing is left there; it can be attached to again', async () => {
      const before = childrenOf(process.pid);
      said.length = 0;
      await using own = heard(engine, (line) => said.push(line));
      const mark = newMark();
      await own.connect();
      const running = servers();
      const there = await start(own, `sleep ${mark} & setsid sleep ${mark} & wait`);
      await until(() => sleepers(mark) === 2, 'the command');
      const [cli = 0] = childrenOf(process.pid).filter((pid) => !before.includes(pid));
      const [transport = 0] = childrenOf(cli);
      const outcome = collect(there);
      process.kill(transport, 'SIGKILL');
      assert.match((await outcome).failure ?? '', /^exec-server transport disconnected/);
      await until(() => sleepers(mark) === 0, 'the end of the command');
      await until(() => servers().length < running.length, 'the end of the server');
      await own.connect();
      assert.equal((await collect(await start(own, 'echo again'))).text, 'again\n');
      assert.deepEqual(sent(), []);
    });

    it('attach itself killed: nothing is left there', async () => {
      const before = childrenOf(process.pid);
      await using own = attached(engine);
      const mark = newMark();
      await own.connect();
      const running = servers();
      const outcome = collect(await start(own, `sleep ${mark} & setsid sleep ${mark} & wait`));
      await until(() => sleepers(mark) === 2, 'the command');
      const [cli = 0] = childrenOf(process.pid).filter((pid) => !before.includes(pid));
      process.kill(cli, 'SIGKILL');
      assert.match((await outcome).failure ?? '', /was ended by SIGKILL/);
      await until(() => sleepers(mark) === 0, 'the end of the command');
      await until(() => servers().length < running.length, 'the end of the server');
    });
  });
}
