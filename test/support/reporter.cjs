// Prints like mocha's spec reporter, and leaves what became of each case where the runner asks for it.
const fs = require('node:fs');
const Mocha = require('mocha');

class ResultsReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    /** @type {import('../../scripts/host/results.mjs').Result[]} */
    const results = [];
    const titled = (test, state) => ({ title: test.fullTitle(), state });
    runner.on('pass', (test) => results.push(titled(test, 'passed')));
    runner.on('pending', (test) => results.push(titled(test, 'skipped')));
    runner.on('fail', (test, error) => {
      const hookOf = test.type === 'hook' ? { hookOf: test.parent.fullTitle() } : {};
      results.push({ ...titled(test, 'failed'), error: String(error.stack ?? error), ...hookOf });
    });
    runner.once('end', () => {
      const file = process.env.TEST_RESULTS_FILE;
      if (file) fs.writeFileSync(file, JSON.stringify({ results }));
    });
  }
}

module.exports = ResultsReporter;
