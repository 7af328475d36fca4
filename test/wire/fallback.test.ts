/** A server whose libraries are missing: what it can do all the same, and what its log says about the rest. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { ours } from './cases.js';
import { startParams } from './session.js';

const PRELOAD = fileURLToPath(new URL('../support/withoutNative.cjs', import.meta.url));
const WHY = 'the reference is one program without libraries of others';

describe('a server without its libraries', () => {
  const without = (libraries: string): string[] => [
    'env',
    `MISSING=${libraries}`,
    `NODE_OPTIONS=--require ${PRELOAD}`,
  ];

  ours(
    'start: without koffi, pipes and terminals work, and the log says what is lost, once',
    async (t) => {
      const server = await t.ownServer([], without('koffi'));
      const session = await t.session(server);
      for (let times = 0; times < 2; times++)
        assert.equal((await session.run('echo out; cat /dev/null')).text(), 'out\n');
      assert.equal((await session.run('tty; exit 3', { tty: true })).exitCode, 3);
      const warnings = server.stderr.match(/^.*warning: .*$/gm) ?? [];
      assert.equal(warnings.length, 1, server.stderr);
      assert.match(
        warnings.join(),
        /The system's own calls cannot be used \(Cannot find the binary of koffi\)/,
      );
    },
    WHY,
  );

  ours(
    'start: without koffi and node-pty, a terminal is refused with the reason, and pipes work',
    async (t) => {
      const server = await t.ownServer([], without('koffi,node-pty'));
      const session = await t.session(server);
      assert.equal((await session.run('echo out')).text(), 'out\n');
      const params = startParams(['true'], { tty: true });
      const error = await session.client.fails('process/start', params);
      assert.match(error.message, /Terminals \(tty: true\) are not available: node-pty's binary/);
      assert.match(server.stderr, /warning: node-pty cannot be used .* What is lost: terminals/);
    },
    WHY,
  );
});
