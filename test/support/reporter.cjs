// Prints like mocha's spec reporter, and leaves the counts and the failures where the runner asks for them.
const fs = require('node:fs');
const Mocha = require('mocha');

class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    /** @type {string[]} */
    const failures = [];
    /** Of cases that failed at first. @type {Map<string, string>} */
    const again = new Map();
    runner.on('retry', (test, error) => again.set(test.fullTitle(), String(error.stack ?? error)));
    runner.on('fail', (test, error) => {
      const first = again.get(test.fullTitle());
      again.delete(test.fullTitle());
      failures.push(
        `${test.fullTitle()}\n${error.stack ?? error}${first ? `\nat its first try: ${first}` : ''}`,
      );
    });
    runner.once('end', () => {
      const file = process.env.TEST_TALLY_FILE;
      if (!file) return;
      const { passes, failures: failed, pending } = runner.stats;
      const second = [...again].map(([title, error]) => `${title}\n${error}`);
      fs.writeFileSync(
        file,
        JSON.stringify({ passed: passes, failed, skipped: pending, failures, again: second }),
      );
    });
  }
}

module.exports = TallyReporter;
