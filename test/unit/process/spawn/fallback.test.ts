import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { START_MS } from '../../../../scripts/host/patience.mjs';
import { checkLibc } from '../../../../src/process/native/checkedLibc';
import { loadLibc } from '../../../../src/process/native/libc';
import { linux, openThings } from '../helpers';

interface Outcome {
  readonly losses: readonly string[];
  readonly pipes: readonly [text: string, exitCode: number | null];
  readonly terminal: readonly [text: string, exitCode: number | null];
  readonly confined: readonly [text: string, exitCode: number | null];
}

/** What a host of its own can do, in which libraries are missing or do wrong things. */
async function host(env: { readonly MISSING?: string; readonly WRONG?: string }): Promise<Outcome> {
  const preload = join(__dirname, '../../../support/withoutNative.cjs');
  const args = ['--require', preload, '--require', 'tsx/cjs', join(__dirname, 'fallbackHost.ts')];
  const options = { env: { ...process.env, ...env }, timeout: START_MS };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return JSON.parse(stdout) as Outcome;
}

const TERMINAL = /^\/dev\/pts\/\d+\r\n7 11\r\n$/;
const BY_NODE =
  /^The system's own calls cannot be used \((.*)\), so Node and node-pty start the programs\. What is lost: no command can be confined.*; a program cannot open \/dev\/stdout or \/dev\/stderr on its pipes.*;.*kill.*;.*terminals.*;.*start takes\.$/;

(linux ? describe : describe.skip)('the native layer', () => {
  it('with all its libraries loses nothing, and says nothing', async () => {
    const { losses, pipes, terminal } = await host({});
    assert.deepEqual([losses, pipes], [[], ['out\nagain\n', 4]]);
    assert.match(terminal[0], TERMINAL);
  });

  it('without koffi: node-pty has the terminals, Node the pipes, and the log has what is lost', async () => {
    const { losses, pipes, terminal } = await host({ MISSING: 'koffi' });
    assert.equal(losses.length, 1, losses.join('\n'));
    assert.equal(BY_NODE.exec(losses[0] ?? '')?.[1], 'Cannot find the binary of koffi');
    assert.deepEqual(pipes, ['out\n', 4]);
    assert.match(terminal[0], TERMINAL);
    assert.equal(terminal[1], 3);
  });

  it('without koffi refuses what asks for a sandbox, and names the cause', async () => {
    const { confined } = await host({ MISSING: 'koffi' });
    assert.equal(confined[1], null);
    assert.match(
      confined[0],
      /no sandbox can be enforced on this machine: the system's own calls cannot be used/,
    );
  });

  it('without node-pty, which is not needed then, loses nothing', async () => {
    const { losses, pipes, terminal } = await host({ MISSING: 'node-pty' });
    assert.deepEqual([losses, pipes], [[], ['out\nagain\n', 4]]);
    assert.match(terminal[0], TERMINAL);
  });

  it('without both has pipes, and says in the log and to the client why there is no terminal', async () => {
    const { losses, pipes, terminal } = await host({ MISSING: 'koffi,node-pty' });
    assert.match(losses[0] ?? '', BY_NODE);
    assert.equal(
      losses[1],
      'node-pty cannot be used (Cannot find the binary of node-pty/lib/utils). What is lost: terminals (tty: true). Pipes (tty: false) work.',
    );
    assert.deepEqual(pipes, ['out\n', 4]);
    assert.match(
      terminal[0],
      /^Terminals \(tty: true\) are not available: node-pty's binary for .*Processes with pipes/,
    );
  });

  for (const [call, check] of Object.entries({
    pipe2: 'pipe2',
    posix_spawn: 'posix_spawn',
    unlockpt: 'ptmx',
    ptsname_r: 'ptmx',
    ioctl: 'ptmx',
  }))
    it(`is not used where ${call} does not do what it should`, async () => {
      const { losses, pipes, terminal } = await host({ WRONG: call });
      assert.match(
        BY_NODE.exec(losses[0] ?? '')?.[1] ?? '',
        new RegExp(`^the self-check of ${check} failed: `),
      );
      assert.deepEqual(pipes, ['out\n', 4]);
      assert.match(terminal[0], TERMINAL);
    });

  it('is tried out without a trace', () => {
    const libc = loadLibc();
    const before = openThings().length;
    for (let times = 0; times < 3; times++) checkLibc(libc);
    assert.equal(openThings().length, before);
  });
});
