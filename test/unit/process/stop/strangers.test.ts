import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { linux } from '../helpers';

const LONGEST_MS = 120_000;
const NAMESPACE = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
const script = fileURLToPath(new URL('takeOver.ts', import.meta.url));

/** The first process has to collect those that lose their parents. */
const COLLECTING = '"$0" "$@"; exit $?';

/** Runs in a pid namespace of its own, as its root. */
const inNamespace = (...command: string[]) =>
  spawnSync('unshare', [...NAMESPACE, ...command], { encoding: 'utf8', timeout: LONGEST_MS });

describe('what gets a number that was ours', () => {
  it('is not signalled, by none of eight ways', function () {
    this.timeout(LONGEST_MS);
    const { status, stderr } = linux
      ? inNamespace('sh', '-c', 'echo 90 > /proc/sys/kernel/ns_last_pid')
      : { status: 1, stderr: 'there is no /proc' };
    if (status !== 0) {
      console.log(`      skipped: no pid namespace of its own can be made here: ${stderr.trim()}`);
      this.skip();
    }
    const { stdout, stderr: errors } = inNamespace(
      'sh',
      '-c',
      COLLECTING,
      process.execPath,
      '--import',
      'tsx',
      script,
    );
    assert.match(stdout, /^\{.*\}\n$/, errors);
    const fates = Object.entries(JSON.parse(stdout) as Record<string, string>);
    assert.equal(fates.length, 16);
    assert.deepEqual(
      fates.filter(([, fate]) => fate !== 'lives'),
      [],
    );
  });
});
