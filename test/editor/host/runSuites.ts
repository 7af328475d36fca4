import { renameSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { skipReasons } from './driver';

interface Result {
  title: string;
  state: 'passed' | 'failed' | 'skipped';
  error?: string;
  reason?: string;
  /** Whose preparation or clearing up failed, where it was no case that did. */
  hookOf?: string;
}

/**
 * Runs mocha suites inside the extension host; rejects when a test fails. The runner outside trusts only the result
 * file that is written here.
 *
 * @param load imports the suites, once describe() and it() are there
 */
export async function runSuites(load: () => Promise<unknown>): Promise<void> {
  const grep = process.env.TEST_GREP;
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: CASE_MS,
    reporter: Silent,
    ...(grep ? { grep } : {}),
  });
  // Puts describe() and it() in place; the suites, bundled with this file, are run by the import below.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await load();

  const results: Result[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    const note = (result: Result) => {
      results.push(result);
      print(result);
    };
    runner.on('pass', (test) => note({ title: test.fullTitle(), state: 'passed' }));
    // Its types do not know that hooks can fail, too.
    runner.on('fail', (test: Mocha.Runnable & { type?: string }, error) => {
      const hookOf = test.type === 'hook' ? { hookOf: test.parent?.fullTitle() ?? '' } : {};
      note({ title: test.fullTitle(), state: 'failed', error: wordsOf(error), ...hookOf });
    });
    runner.on('pending', (test) =>
      note({
        title: test.fullTitle(),
        state: 'skipped',
        reason: skipReasons.get(test) ?? 'marked as pending',
      }),
    );
  });
  writeResults(results);
  const failed = results.filter((result) => result.state === 'failed').length;
  if (failed) throw new Error(`${failed} of ${results.length} tests failed`);
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** The lines come from print() below. */
class Silent extends Mocha.reporters.Base {}

/** The mark tells the runner which lines of the log are ours. */
function print({ title, state, error, reason }: Result): void {
  const sign = { passed: '  ok', failed: 'FAIL', skipped: 'skip' }[state];
  const lines = [
    `${sign}  ${title}${reason ? ` (${reason})` : ''}`,
    ...(error?.split('\n').map((line) => `      ${line}`) ?? []),
  ];
  for (const line of lines) console.log((process.env.TEST_LINE_MARK ?? '') + line);
}

/** Whole or not at all: a crash must not leave half of it. */
function writeResults(results: Result[]): void {
  const file = process.env.TEST_RESULTS;
  if (!file) return;
  writeFileSync(`${file}.part`, JSON.stringify({ node: process.version, results }, null, 2));
  renameSync(`${file}.part`, file);
}
