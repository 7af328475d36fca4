import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Cases that fail as often as the numbers in their titles say, each counted in a file beside. */
const CASES = `
const fs = require('node:fs');
const fail = (name, times) => {
  const file = __dirname + '/' + name;
  const tried = fs.existsSync(file) ? Number(fs.readFileSync(file)) : 0;
  fs.writeFileSync(file, String(tried + 1));
  if (tried < times) throw new Error(name + ' ' + tried);
};
describe('cases', () => {
  it('good', () => fail('good', 0));
  it('(once)', () => fail('once', 1));
  it('twice', () => fail('twice', 2));
  it('later');
});
describe('prepared', () => {
  before(() => fail('hook', 1));
  it('first', () => undefined);
  it('second', () => undefined);
});
`;

const RUN = `
const { Suites } = await import(process.env.SUITES);
const suites = new Suites();
const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', 'test/support/reporter.cjs', process.env.CASES];
await suites.sideBySide([[() => suites.suite('some', mocha)]]);
await suites.tryAgain();
console.log('REPORT');
suites.report();
suites.clear();
`;

describe('a run of all suites', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suites-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('tries what failed once more, in a program of its own, and tells both', async () => {
    const cases = join(folder, 'cases.cjs');
    writeFileSync(cases, CASES);
    const ours = { CASES: cases, SUITES: join(process.cwd(), 'scripts/lib/suites.mjs') };
    const env = { ...process.env, TEST_GREP: undefined, ...ours };
    const args = ['--input-type=module', '--eval', RUN];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const lines = stdout.slice(stdout.indexOf('REPORT')).split('\n');
    const told = lines.filter((line) => /^(PASSED|FAILED|Error|at its|\d+ passed)/.test(line));
    assert.deepEqual(told, [
      'PASSED AT THE SECOND TRY some: cases (once)',
      'Error: once 0',
      'PASSED AT THE SECOND TRY some: prepared "before all" hook for "first"',
      'Error: hook 0',
      'FAILED some: cases twice',
      'Error: twice 1',
      'at its first try: Error: twice 0',
      '4 passed, 1 failed, 1 skipped',
    ]);
  });
});
