// The parts of a test run: each a program of its own, whose results are put together.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readResults } from '../host/results.mjs';
import { run } from './prepare.mjs';

/** @typedef {import('../host/results.mjs').Result} Result */

const FAILURE_LINES = 25;
/** More than these in one suite are no work of chance. */
const MOST_TRIED_AGAIN = 20;

/** Runs programs one after another or side by side, and tells in the end what became of all of them. */
export class Suites {
  /** @type {{ name: string, args: string[], results: Result[] }[]} */
  #suites = [];
  /** Passed when they were tried again, with why they had failed. @type {string[]} */
  #again = [];
  #scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-test-'));
  /** Side by side each prints as a whole at its end; otherwise as it goes. */
  #together = false;

  /**
   * Each lane one part after the other, all lanes at once.
   * @param {(() => Promise<void>)[][]} lanes
   */
  async sideBySide(lanes) {
    this.#together = true;
    const run = async (/** @type {(() => Promise<void>)[]} */ parts) => {
      for (const part of parts) await part();
    };
    await Promise.all(lanes.map(run));
    this.#together = false;
  }

  /** One step that either holds or not, counted like a test. @param {string} name @param {string[]} args of Node */
  async step(name, args) {
    const state = (await this.#run(name, args)) === 0 ? 'passed' : 'failed';
    this.#suites.push({ name, args, results: [{ title: `node ${args.join(' ')}`, state }] });
  }

  /**
   * A suite that leaves its results in a file; one that leaves none has failed.
   * @param {string} name @param {string[]} args of Node
   */
  async suite(name, args) {
    this.#suites.push({ name, args, results: await this.#results(name, args) });
  }

  /** Runs what failed once more: alone, in programs of its own, and with nothing beside. */
  async tryAgain() {
    for (const suite of this.#suites) {
      const failed = suite.results.filter(({ state, error }) => state === 'failed' && error !== undefined);
      if (failed.length === 0 || failed.length > MOST_TRIED_AGAIN) continue;
      const grep = failed.map(({ title, hookOf }) =>
        hookOf === undefined ? exactly(title) : within(hookOf),
      );
      const again = await this.#results(`${suite.name}, again`, suite.args, { TEST_GREP: grep.join('|') });
      for (const { title, error, hookOf } of failed) {
        const second = again.find((result) => result.title === title && result.state === 'failed');
        const passed = again.some(
          (result) => result.state === 'passed' && (hookOf === undefined ? result.title === title : true),
        );
        if (second) second.error += `\nat its first try: ${error}`;
        else if (passed) this.#again.push(`${suite.name}: ${title}\n${error}`);
        else again.push({ title, state: 'failed', error });
      }
      const others = suite.results.filter((result) => !failed.includes(result));
      const told = new Set(others.map(({ title }) => title));
      suite.results = [
        ...others,
        ...again.filter(({ title, state }) => state === 'failed' || !told.has(title)),
      ];
    }
  }

  /** Tells what failed, what passed only when it was tried again, and the sum. @returns {boolean} whether all is well */
  report() {
    const all = this.#suites.flatMap(({ name, results }) => results.map((result) => ({ name, ...result })));
    const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((state) =>
      all.filter((result) => result.state === state),
    );
    const first = (/** @type {string} */ text) => text.split('\n').slice(0, FAILURE_LINES).join('\n');
    for (const text of this.#again) console.log(`\nPASSED AT THE SECOND TRY ${first(text)}`);
    for (const { name, title, error = '' } of failed)
      console.log(`\nFAILED ${first(`${name}: ${title}\n${error}`)}`);
    console.log(`\n${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
    return failed.length === 0 && passed.length > 0;
  }

  clear() {
    fs.rmSync(this.#scratch, { recursive: true, force: true });
  }

  /** @param {string} name @param {string[]} args @param {NodeJS.ProcessEnv} more @returns {Promise<Result[]>} */
  async #results(name, args, more = {}) {
    const file = path.join(this.#scratch, `${name}.json`);
    const status = await this.#run(name, args, { ...more, TEST_RESULTS_FILE: file });
    const results = readResults(file) ?? [];
    const count = (/** @type {string} */ wanted) => results.filter(({ state }) => state === wanted).length;
    if (count('failed') > 0 || (status === 0 && count('passed') > 0)) return results;
    return [...results, { title: `status ${status}, ${count('passed')} passed`, state: 'failed' }];
  }

  async #run(
    /** @type {string} */ name,
    /** @type {string[]} */ args,
    /** @type {NodeJS.ProcessEnv} */ more = {},
  ) {
    const env = { ...process.env, ...more };
    console.log(`\n— ${name}${this.#together ? ' begins' : ''}`);
    if (!this.#together) return run(process.execPath, args, { env });
    const file = path.join(this.#scratch, `${name}.log`);
    const log = fs.openSync(file, 'w');
    const begun = performance.now();
    const status = await run(process.execPath, args, { env, stdio: ['ignore', log, log] });
    fs.closeSync(log);
    console.log(`\n— ${name}, ${Math.round((performance.now() - begun) / 1000)} s`);
    process.stdout.write(fs.readFileSync(file));
    return status;
  }
}

const escaped = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const exactly = (/** @type {string} */ title) => `^${escaped(title)}$`;
const within = (/** @type {string} */ suite) => `^${escaped(suite)}`;
