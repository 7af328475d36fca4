import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { Environment } from '../../src/environment';
import type { Engine } from './engine/engine';
import { attached, CLI, collect, newMark, sleepers, start, until } from './far';

const LINE = path.resolve('test/fixtures/line.mjs');
const HEX = /^[\da-f]{64}$/;
const DAYS_MS = 86_400_000;

/** `attach` to this machine, without anything between, and with what may stand between. */
describe('exec-server attach', function () {
  this.timeout(CASE_MS);
  let folder: string;
  const inFolder = (name: string): string => path.join(folder, name);
  const sent = (): string[] => readdirSync(inFolder('cache/exec-server'));
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'attach-'));
    mkdirSync(inFolder('cache'));
    mkdirSync(inFolder('home'));
    mkdirSync(inFolder('met'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const engine = (...words: string[]): Engine => ({
    name: 'here',
    missing: () => undefined,
    start: async () => {},
    words: () => words,
    env: { XDG_CACHE_HOME: inFolder('cache'), HOME: inFolder('home') },
    cwd: '/tmp',
    dispose: async () => {},
  });
  const answer = async (there: Engine): Promise<string> => {
    await using far = attached(there);
    return (await collect(await start(far, 'echo here'))).text;
  };
  const refusal = async (there: Engine): Promise<string> => {
    await using far = attached(there);
    return await far.connect().then(
      () => assert.fail('it was attached to'),
      (error: unknown) => String(error),
    );
  };

  for (const [name, ...words] of [
    ['nothing between', 'env'],
    ['a login script that prints', 'sh', '-c', 'echo welcome; printf "no line end"; exec "$@"', 'x'],
    ['a login script that prints much', 'sh', '-c', 'seq 1 200000; exec "$@"', 'x'],
    ['bash as login shell', '/bin/bash', '-l', '-c'],
    ['dash as login shell', '/bin/dash', '-c'],
    ['csh as login shell', '/usr/bin/tcsh', '-c'],
    ['fish as login shell', '/usr/bin/fish', '-c'],
  ] as const) {
    const shell = words[0];
    if (shell.startsWith('/') && !existsSync(shell)) it(`${name} (skipped: ${shell} is not there)`);
    else
      it(`works with ${name}`, async () => {
        assert.equal(await answer(engine(...words)), 'here\n');
        assert.equal(sent().filter((entry) => HEX.test(entry)).length, 1);
      });
  }

  it('sends less than 0.8 MB, once', async () => {
    const said = inFolder('said');
    const there = engine('env');
    const command = ['-c', `exec 2>>"$0"; exec "$@"`, said, process.execPath, path.resolve('dist/cli.js')];
    for (let i = 0; i < 2; i++) {
      const args = [...command, 'attach', '--', ...there.words()];
      await using far = Environment.remote({ id: 'far', program: '/bin/sh', args, env: { ...there.env } });
      await far.connect();
    }
    const sizes = [...readFileSync(said, 'utf8').matchAll(/sending (\d+) KiB/g)].map(([, size]) =>
      Number(size),
    );
    assert.equal(sizes.length, 1);
    assert.ok((sizes[0] ?? 0) * 1024 < 800_000, `${sizes[0]} KiB`);
  });

  it('four at once on an empty machine share what one of them brought', async () => {
    const all = [1, 2, 3, 4].map(() => answer(engine(process.execPath, LINE, 'meet', inFolder('met'))));
    assert.deepEqual(await Promise.all(all), Array(4).fill('here\n'));
    assert.equal(readdirSync(inFolder('met')).length, 4, 'all were asked to send it');
    assert.deepEqual(
      sent().map((entry) => HEX.test(entry)),
      [true],
    );
  });

  for (const [mode, words] of [
    ['flip', /what arrived there is not what was sent, and nothing of it was kept/],
    ['cut', /ended with status 1/],
  ] as const) {
    it(`a line that has a ${mode} in the payload leaves nothing there`, async () => {
      assert.match(await refusal(engine(process.execPath, LINE, mode, inFolder('met'))), words);
      assert.deepEqual(sent(), []);
    });
  }

  it('removes what nobody has used for a month, and leftovers, but nothing else', async () => {
    mkdirSync(inFolder('cache/exec-server'), { mode: 0o700 });
    const age = (name: string, days: number): void => {
      const entry = inFolder(`cache/exec-server/${name}`);
      mkdirSync(entry);
      utimesSync(entry, new Date(), new Date(Date.now() - days * DAYS_MS));
    };
    age('a'.repeat(64), 40);
    age('b'.repeat(64), 20);
    age('.new-1-1', 2);
    age('.new-1-2', 0);
    age('of-another', 400);
    assert.equal(await answer(engine('env')), 'here\n');
    const kept = sent().filter((entry) => !HEX.test(entry) || /^(.)\1+$/.test(entry));
    assert.deepEqual(kept.sort(), ['.new-1-2', 'b'.repeat(64), 'of-another']);
  });

  it('keeps what was compiled there, and does without where that is damaged', async () => {
    const kept = (): string[] => {
      const key = sent().find((entry) => HEX.test(entry)) ?? '';
      const dist = inFolder(`cache/exec-server/${key}/dist`);
      return readdirSync(dist)
        .filter((name) => name.startsWith('serve.js.'))
        .map((name) => path.join(dist, name));
    };
    await answer(engine('env'));
    const [file = ''] = kept();
    const { size, mtimeMs } = statSync(file);
    assert.ok(size > 100_000);
    await answer(engine('env'));
    assert.equal(statSync(file).mtimeMs, mtimeMs, 'it was used');
    for (const damage of ['', 'nonsense', readFileSync(file).subarray(0, size / 2)]) {
      writeFileSync(file, damage);
      assert.equal(await answer(engine('env')), 'here\n');
      assert.ok(statSync(file).size > 100_000, 'it was kept anew');
    }
    assert.deepEqual(kept(), [file], 'no leftovers');
  });

  it('a machine of another platform gets what is for that one', async () => {
    // A Node for musl, as far as anybody can see.
    mkdirSync(inFolder('bin'));
    writeFileSync(inFolder('musl'), '\x7fELF /lib/ld-musl-x86_64.so.1');
    writeFileSync(
      inFolder('as.cjs'),
      `Object.defineProperty(process, 'execPath', { value: '${inFolder('musl')}' })`,
    );
    const node = `#!/bin/sh\n[ "$1" = --version ] && exec ${process.execPath} "$@"\n`;
    writeFileSync(inFolder('bin/node'), `${node}exec ${process.execPath} -r ${inFolder('as.cjs')} "$@"\n`, {
      mode: 0o755,
    });
    await using far = attached(engine('env', `PATH=${inFolder('bin')}:/usr/bin:/bin`));
    await far.connect();
    const names = readdirSync(inFolder('cache/exec-server'), { recursive: true, encoding: 'utf8' });
    const natives = names
      .filter((name) => name.endsWith('.node'))
      .map((name) => name.split('/').slice(-2).join('/'));
    assert.deepEqual(natives, ['musl_x64/koffi.node']);
  });

  it('no folder that others can write to is trusted', async () => {
    mkdirSync(inFolder('cache/exec-server'));
    chmodSync(inFolder('cache/exec-server'), 0o777);
    assert.equal(await answer(engine('env')), 'here\n');
    assert.deepEqual(sent(), []);
    assert.equal(readdirSync(inFolder('home/.cache/exec-server')).length, 1);
  });

  it('a terminal between is refused', async () => {
    const script = 'exec script -qec "$*" /dev/null';
    assert.match(
      await refusal(engine('sh', '-c', script, 'x')),
      /gives the command a terminal.*Leave out -t/,
    );
  });

  it('ended before anything was answered it leaves nothing behind', async () => {
    const mark = newMark();
    const deaf = spawn(process.execPath, [CLI, 'attach', '--', 'sh', '-c', `exec sleep ${mark}`], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await until(() => sleepers(mark) === 1, 'the command');
    deaf.kill('SIGTERM');
    await until(() => sleepers(mark) === 0, 'its end');
  });

  it('a command that runs no shell is told from one that is refused', async () => {
    writeFileSync(inFolder('deny'), '#!/bin/sh\necho "no such box" >&2\nexit 255\n', { mode: 0o755 });
    const text = await refusal(engine(inFolder('deny'), 'box'));
    assert.match(text, /no such box/);
    assert.match(text, /deny box sh” ended with status 255|deny box sh" ended with status 255/);
    assert.match(await refusal(engine('/nowhere/ssh')), /could not be started/);
  });
});
