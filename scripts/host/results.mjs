// What a test run amounts to.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {{ title: string, state: 'passed' | 'failed' | 'skipped', error?: string, reason?: string, again?: string }} Result
 * @typedef {{ ok: boolean, passed: number, failed: number, skipped: number, results: Result[], trouble?: string }} Verdict
 */

/**
 * The host's status alone says nothing: it is 0 too when the extension host crashes. So results must be there as well.
 * @param {string} file written by the test entry
 * @param {number | undefined} status reported by the host; undefined if it never ended
 * @param {string | undefined} trouble what else went wrong
 * @returns {Verdict}
 */
export function judge(file, status, trouble) {
  const results = read(file);
  const count = (/** @type {string} */ state) =>
    results?.filter((result) => result.state === state).length ?? 0;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  const found =
    trouble ??
    (!results ? `the tests wrote no results; the extension host ended with status ${status}` : undefined) ??
    (failed === 0 && status !== 0 ? `the extension host ended with status ${status}` : undefined) ??
    (failed === 0 && passed === 0 ? 'no test ran' : undefined);
  // Trouble counts as a failure, so that no sum over several runs can look clean.
  const verdict = {
    ok: !found && failed === 0,
    passed,
    failed: failed + (found ? 1 : 0),
    skipped,
    results: results ?? [],
  };
  return found ? { ...verdict, trouble: found } : verdict;
}

/** The verdict on an editor that could not even be started. @param {Error} error @returns {Verdict} */
export const noStart = (error) => ({
  ok: false,
  passed: 0,
  failed: 1,
  skipped: 0,
  results: [],
  trouble: error.message,
});

/** @param {Verdict} verdict the last line is for machines too */
export function report({ passed, failed, skipped, trouble }) {
  if (trouble) console.log(`FAILED: ${trouble}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}

/**
 * Counts over several runs, with what failed in them and what passed only at its second try, so that it can be told again
 * where the counts are.
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[], again: string[] }} Tally
 * @returns {Tally}
 */
export const emptyTally = () => ({ passed: 0, failed: 0, skipped: 0, failures: [], again: [] });

/** @param {Tally} sum @param {Tally} part */
export function addTally(sum, part) {
  sum.passed += part.passed;
  sum.failed += part.failed;
  sum.skipped += part.skipped;
  sum.failures.push(...part.failures);
  sum.again.push(...part.again);
}

/** @param {Verdict} verdict @returns {Tally} */
export const tallyOf = ({ passed, failed, skipped, results, trouble }) => ({
  passed,
  failed,
  skipped,
  failures: [
    ...(trouble ? [trouble] : []),
    ...results
      .filter(({ state }) => state === 'failed')
      .map(({ title, error }) => `${title}\n${error ?? ''}`),
  ],
  again: results.flatMap(({ title, again }) => (again === undefined ? [] : [`${title}\n${again}`])),
});

/** Leaves the counts where the runner asks for them. @param {Tally} tally */
export function writeTally(tally) {
  if (process.env.TEST_TALLY_FILE) writeFileSync(process.env.TEST_TALLY_FILE, JSON.stringify(tally));
}

/** @param {string} file @returns {Result[] | undefined} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).results;
  } catch {
    return undefined;
  }
}
