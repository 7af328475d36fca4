import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { both, ours } from './cases.js';
import { refused } from './refused.js';
import { sha256 } from './wsAuth.js';

describe('start-up errors', () => {
  const CAPABILITY = ['--ws-auth', 'capability-token'];
  const SIGNED = ['--ws-auth', 'signed-bearer-token'];
  const digest = sha256('x');
  type Files = Record<'empty' | 'short' | 'long' | 'missing', string>;
  const CASES: [string, (files: Files) => string[], string][] = [
    [
      'a token without a mode',
      () => ['--ws-token-sha256', digest],
      'websocket auth flags require `--ws-auth capability-token` or `--ws-auth signed-bearer-token`',
    ],
    [
      'an issuer without a mode',
      () => ['--ws-issuer', 'x'],
      'websocket auth flags require `--ws-auth capability-token` or `--ws-auth signed-bearer-token`',
    ],
    [
      'capability-token without a token',
      () => CAPABILITY,
      '`--ws-token-file` or `--ws-token-sha256` is required when `--ws-auth capability-token` is set',
    ],
    [
      'a file and a digest',
      ({ long }) => [...CAPABILITY, '--ws-token-file', long, '--ws-token-sha256', digest],
      '`--ws-token-file` and `--ws-token-sha256` are mutually exclusive',
    ],
    [
      'an empty token file',
      ({ empty }) => [...CAPABILITY, '--ws-token-file', empty],
      'websocket auth secret PATH must not be empty',
    ],
    [
      'a token file that is not there',
      ({ missing }) => [...CAPABILITY, '--ws-token-file', missing],
      'failed to read websocket auth secret PATH: No such file or directory (os error 2)',
    ],
    [
      'a digest that is too short',
      () => [...CAPABILITY, '--ws-token-sha256', digest.slice(1)],
      '--ws-token-sha256 must be a 64-character hex SHA-256 digest',
    ],
    [
      'a digest that is not hex',
      () => [...CAPABILITY, '--ws-token-sha256', digest.replace(/^./, 'g')],
      '--ws-token-sha256 must be a 64-character hex SHA-256 digest',
    ],
    [
      'an audience for capability-token',
      () => [...CAPABILITY, '--ws-token-sha256', digest, '--ws-audience', 'x'],
      '`--ws-shared-secret-file`, `--ws-issuer`, `--ws-audience`, and `--ws-max-clock-skew-seconds` ' +
        'require `--ws-auth signed-bearer-token`',
    ],
    [
      'signed-bearer-token without a secret',
      () => SIGNED,
      '`--ws-shared-secret-file` is required when `--ws-auth signed-bearer-token` is set',
    ],
    [
      'a token for signed-bearer-token',
      ({ long }) => [...SIGNED, '--ws-shared-secret-file', long, '--ws-token-sha256', digest],
      '`--ws-token-file` and `--ws-token-sha256` require `--ws-auth capability-token`, not `signed-bearer-token`',
    ],
    [
      'a secret of less than 32 bytes',
      ({ short }) => [...SIGNED, '--ws-shared-secret-file', short],
      'signed websocket bearer secret PATH must be at least 32 bytes',
    ],
    [
      'an empty secret',
      ({ empty }) => [...SIGNED, '--ws-shared-secret-file', empty],
      'websocket auth secret PATH must not be empty',
    ],
  ];
  for (const [what, args, text] of CASES) {
    both(`ws-auth: ${what} is a start-up error`, async (t) => {
      t.needsLocal();
      const dir = await t.dir();
      const files = {
        empty: `${dir}/empty`,
        short: `${dir}/short`,
        long: `${dir}/long`,
        missing: `${dir}/missing`,
      };
      await writeFile(files.empty, ' \n');
      // Its length counts without the white space.
      await writeFile(files.short, `${'s'.repeat(31)}\n`);
      await writeFile(files.long, 'l'.repeat(32));
      const { code, stdout, stderr } = await refused(args(files));
      assert.deepEqual([code, stdout], [1, '']);
      assert.ok(stderr.replace(/\/\S+\/(empty|short|missing)/, 'PATH').includes(text), stderr);
      assert.equal(stderr.includes('sss'), false);
    });
  }

  const BAD_USAGE: Record<string, string[]> = {
    'an unknown mode': ['--ws-auth', 'password'],
    'a skew that is no number': [
      '--ws-max-clock-skew-seconds',
      'x',
      ...SIGNED,
      '--ws-shared-secret-file',
      '/dev/null',
    ],
    'an unknown flag': ['--no-such-flag'],
    'a word too many': ['word'],
  };
  for (const [what, args] of Object.entries(BAD_USAGE)) {
    both(`listener: ${what} is bad usage: status 2`, async (t) => {
      t.needsLocal();
      const { code, stdout, stderr } = await refused(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /unknown|invalid|unexpected|unrecognized/i);
    });
  }

  ours('gate: --auth and --ws-auth exclude each other', async (t) => {
    t.needsLocal();
    const { code, stderr } = await refused(['--auth', 'none', ...CAPABILITY, '--ws-token-sha256', digest]);
    assert.equal(code, 1);
    assert.match(stderr, /`--auth` and `--ws-auth` are mutually exclusive/);
  });
});
