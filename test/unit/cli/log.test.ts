import assert from 'node:assert/strict';
import { log } from '../../../src/cli/log';
import { writeError } from '../../../src/cli/writeError';
import { logLine } from '../../../src/server';

/** What goes to stderr meanwhile. */
function written(run: () => void): string {
  const write = process.stderr.write.bind(process.stderr);
  let text = '';
  process.stderr.write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  try {
    run();
  } finally {
    process.stderr.write = write;
  }
  return text;
}

describe('the log', () => {
  const forged = 'x)\nexec-server: listening on ws://evil\r\x1b]0;title\x07\x9b31m\u2028\u202e';
  const line = String.raw`x)\nexec-server: listening on ws://evil\x0d\x1b]0;title\x07\x9b31m\u2028\u202e`;

  it('has one line for each message, whoever wrote its words', () => {
    assert.equal(logLine(forged), line);
    assert.equal(
      written(() => log.info(forged)),
      `exec-server: ${line}\n`,
    );
    assert.equal(
      written(() => log.warn(forged)),
      `exec-server: warning: ${line}\n`,
    );
    assert.equal(
      written(() => log.error(forged)),
      `exec-server: error: ${line}\n`,
    );
    assert.equal(
      written(() => writeError(forged)),
      `exec-server: ${line}\n`,
    );
  });

  it('counts what it leaves out of a long one', () => {
    assert.match(logLine('a'.repeat(5000)), /^a{4096}… \(904 more characters\)$/);
  });

  it('shows what is no letter, and leaves the rest as it is', () => {
    assert.equal(logLine('\u{e0041}\ud800'), String.raw`\u{e0041}\ud800`);
    assert.equal(logLine('größe ❤️ C:\\new'), 'größe ❤️ C:\\new');
  });
});
