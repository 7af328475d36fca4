// What a test run amounts to.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * `hookOf`: whose preparation or clearing up failed, where it was no case that did.
 * @typedef {{ title: string, state: 'passed' | 'failed' | 'skipped', error?: string, reason?: string, hookOf?: string }} Result
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
  const results = readResults(file);
  const count = (/** @type {string} */ state) =>
    results?.filter((result) => result.state === state).length ?? 0;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  const found =
    trouble ??
    (!results ? `the tests wrote no results; the extension host ended with status ${status}` : undefined) ??
    (failed === 0 && status !== 0 ? `the extension host ended with status ${status}` : undefined) ??
    (failed === 0 && passed === 0 && !process.env.TEST_GREP ? 'no test ran' : undefined);
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

/** What became of each case, trouble with the whole included. @param {Verdict} verdict @returns {Result[]} */
export const resultsOf = ({ results, trouble }) => [
  ...results,
  ...(trouble ? [/** @type {const} */ ({ title: trouble, state: 'failed' })] : []),
];

/** Leaves them where the runner asks for them. @param {Result[]} results */
export function writeResults(results) {
  if (process.env.TEST_RESULTS_FILE)
    writeFileSync(process.env.TEST_RESULTS_FILE, JSON.stringify({ results }));
}

/** @param {string} file @returns {Result[] | undefined} */
export function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).results;
  } catch {
    return undefined;
  }
}
