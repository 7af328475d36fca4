// The parts of a test run: each a program of its own, whose counts are summed up.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addTally, emptyTally } from '../host/results.mjs';
import { run } from './prepare.mjs';

const FAILURE_LINES = 25;

/** Runs programs one after another or side by side, and tells in the end what became of all of them. */
export class Suites {
  #total = emptyTally();
  #scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-test-'));
  /** Side by side each prints as a whole at its end; otherwise as it goes. */
  #together = false;
  #env;

  /** @param {NodeJS.ProcessEnv} more of each suite */
  constructor(more) {
    this.#env = { ...process.env, ...more };
  }

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
    const ok = (await this.#run(name, args, this.#env)) === 0;
    this.#total[ok ? 'passed' : 'failed'] += 1;
    if (!ok) this.#total.failures.push(`${name}: node ${args.join(' ')}`);
  }

  /**
   * A suite that leaves its counts in a file; one that leaves none has failed.
   * @param {string} name @param {string[]} args of Node
   */
  async suite(name, args) {
    const file = path.join(this.#scratch, `${name}.json`);
    const status = await this.#run(name, args, { ...this.#env, TEST_TALLY_FILE: file });
    const tally = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : emptyTally();
    if (tally.failed === 0 && (status !== 0 || tally.passed === 0)) {
      tally.failed = 1;
      tally.failures.push(`status ${status}, ${tally.passed} passed`);
    }
    for (const kind of /** @type {const} */ (['failures', 'again']))
      tally[kind] = tally[kind].map((/** @type {string} */ text) => `${name}: ${text}`);
    addTally(this.#total, tally);
  }

  /** Tells what failed, what passed only when it was tried again, and the sum. @returns {boolean} whether all is well */
  report() {
    const { passed, failed, skipped, failures, again } = this.#total;
    const first = (/** @type {string} */ text) => text.split('\n').slice(0, FAILURE_LINES).join('\n');
    for (const text of again) console.log(`\nPASSED AT THE SECOND TRY ${first(text)}`);
    for (const text of failures) console.log(`\nFAILED ${first(text)}`);
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0 && passed > 0;
  }

  clear() {
    fs.rmSync(this.#scratch, { recursive: true, force: true });
  }

  async #run(/** @type {string} */ name, /** @type {string[]} */ args, /** @type {NodeJS.ProcessEnv} */ env) {
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
