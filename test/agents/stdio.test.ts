/** The real Codex CLI starts the server by itself, as a program of environments.toml, and speaks with it over its pipes. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { exec, patch, stdin } from './calls';
import { play } from './stage';
import { ours, PROBE } from './target';
import { alive, eventually } from './wait';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** The text of environments.toml: one environment, which is a program, and no local one. */
function environments(probe: string): string {
  return [
    'default = "here"',
    'include_local = false',
    '[[environments]]',
    'id = "here"',
    `program = ${JSON.stringify(process.execPath)}`,
    `args = ${JSON.stringify([CLI, '--listen', 'stdio'])}`,
    `env = { ${PROBE} = "${probe}" }`,
    '',
  ].join('\n');
}

describe('Codex CLI with a program of environments.toml', function () {
  this.timeout(CASE_MS);

  it('runs commands, types and patches through --listen stdio, and the server ends with it', async function () {
    if (process.platform !== 'linux') {
      console.log('      skipped: looks at /proc');
      this.skip();
    }
    const probe = randomUUID();
    let server = 0;
    const { model } = await play(
      // Nothing listens there: whatever runs has come through the pipes.
      ours('ws://127.0.0.1:9/token'),
      async (stage) => {
        const parent = 'tr "\\0" " " < /proc/$PPID/cmdline > parent.txt; echo $PPID > pid.txt';
        const cmd = `${parent}; printf %s "$${PROBE}" > probe.txt; echo out; echo err >&2; exit 3`;
        const result = await stage.exec(cmd);
        assert.equal(result.exitCode, 3, result.text);
        assert.deepEqual(result.output.trim().split('\n').sort(), ['err', 'out']);
        assert.equal(stage.file('probe.txt'), probe);
        assert.match(stage.file('parent.txt') ?? '', /cli\.js --listen stdio $/);
        server = Number(stage.file('pid.txt'));
        assert.ok(alive(server));

        const running = await stage.one(
          exec('read -p "name? " n; echo "hi $n" | tee typed.txt', { tty: true, yield_time_ms: 1000 }),
        );
        assert.ok(running.session !== undefined, running.text);
        const typed = await stage.one(stdin(running.session, 'Ada\n'));
        assert.match(typed.output, /hi Ada/);
        assert.equal(stage.file('typed.txt'), 'hi Ada\n');

        const patched = await stage.one(patch('*** Add File: new.txt', '+made by a patch'));
        assert.match(patched.text, /Success/, patched.text);
        assert.equal(stage.file('new.txt'), 'made by a patch\n');

        const big = await stage.exec('seq 1 300000 | tee big.txt | tail -n 1');
        assert.equal(big.output, '300000\n');
      },
      { environments: () => environments(probe), unserved: true },
    );
    assert.match(JSON.stringify(model.requests.at(-1)), /Process exited with code 3/);
    await eventually('the end of the server', () => !alive(server));
  });
});
