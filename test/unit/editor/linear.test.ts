import assert from 'node:assert/strict';
import { LineEditor } from '../../../src/editor/terminal/lineEditor';
import { isReport } from '../../../src/editor/terminal/marks';
import {
  commandHead,
  commandLabel,
  copyableCommand,
  terminalName,
} from '../../../src/editor/text/commandLabel';
import { plain, plainMarkdown } from '../../../src/editor/text/plain';
import { plainOutput } from '../../../src/editor/text/plainOutput';
import { logLine } from '../../../src/server/logger';

const SHORT = 2000;
const TIMES = 16;
/** What is linear takes some 16 times as long, what is quadratic 256 times. */
const ALLOWED = 80;
/** Below this, on a machine that does other things too, nothing is measured. */
const NOISE_MS = 25;

/** What has a bound of its own for all of it. */
const work: Record<string, (text: string) => unknown> = {
  'a label of a script': (text) => commandLabel(['sh', '-c', text]),
  'a label of words': (text) => commandLabel([text, text], text),
  'the name of a tab': (text) => terminalName({ argv: ['x', text] }, text),
  'a copied command': (text) => copyableCommand([text, text], text),
  'a tooltip': (text) => commandHead([text, text], text, 2000),
  'copied output': plainOutput,
  'a notice': (text) => plain(text, 1e9),
  'a description': (text) => plainMarkdown(text, 1e9),
  'a line of the log': logLine,
  'an answer of a terminal': isReport,
  'a pasted line': (text) => new LineEditor().type(text),
};
const pieces = [
  ' ',
  ' \n',
  '\r',
  '`',
  '_',
  '*~',
  '](',
  '$(',
  '/',
  '-',
  "'",
  '\u202e',
  '\x9d',
  '\x1b[',
  '\x1b]',
  'ä',
  'e\u0301',
];
const inputs: Record<string, (count: number) => string> = {
  ...Object.fromEntries(pieces.map((piece) => [piece, (count: number) => `${piece.repeat(count)}x`])),
  '\x1b;?': (count) => `\x1b${';?'.repeat(count)}`,
  '\x1b[1': (count) => `\x1b[${'1'.repeat(count)}`,
  '\x1b]a\x07': (count) => `${'\x1b]a\x07'.repeat(count)}x`,
  '\x1b[1;1R': (count) => `${'\x1b[1;1R'.repeat(count)}x`,
};

function took(run: () => unknown): number {
  const began = performance.now();
  run();
  return performance.now() - began;
}

describe('work on the words of others grows with their length, not with its square', () => {
  for (const [name, run] of Object.entries(work)) {
    it(name, function () {
      this.timeout(60_000);
      for (const [what, make] of Object.entries(inputs)) {
        const [short, long] = [make(SHORT), make(SHORT * TIMES)];
        // The better of two: what else the machine does only adds.
        const best = (text: string): number => Math.min(...[1, 2].map(() => took(() => run(text))));
        const [before, after] = [best(short), best(long)];
        assert.ok(
          after < Math.max(before, NOISE_MS) * ALLOWED,
          `${JSON.stringify(what)}: ${before} ms, then ${after} ms`,
        );
      }
    });
  }

  it('26 answers and a key are told apart at once', () => {
    assert.ok(!isReport('\x1b]a\x07'.repeat(200) + 'x'));
    assert.ok(isReport('\x1b]11;rgb:0/0/0\x07\x1b[1;1R\x1bP1$r0m\x1b\\'));
  });
});
