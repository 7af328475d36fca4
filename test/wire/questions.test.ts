import assert from 'node:assert/strict';
import { appServer } from './appServerClient.js';
import { both, bothApp } from './cases.js';

const tty = true;
/** Asks, and shows what it was told within two seconds. */
const bash = (question: string): string[] => [
  'bash',
  '-c',
  `stty raw -echo; ${question}; IFS= read -r -t 2 -N 200 x; stty sane; printf '<%q>' "$x"`,
];

const ANSWERS: [string, string][] = [
  ['\\033[6n', '[1;1R'],
  ['\\033[5n', '[0n'],
  ['\\033[?2026$p', '[?2026;0$y'],
  ['\\033[18t', '[8;24;80t'],
];

describe('questions of a program to its terminal', () => {
  for (const [question, answer] of ANSWERS) {
    both(`start: ${question} is answered, and is not in the output`, async (t) => {
      const session = await t.session();
      const proc = await session.start(bash(`printf 'a${question}b'`), { tty });
      await proc.closed();
      assert.equal(proc.text(), `ab<$'\\E${answer}'>`);
    });
  }

  both('start: a question that comes in two pieces is answered as well', async (t) => {
    const session = await t.session();
    const proc = await session.start(bash("printf 'a\\033['; sleep 0.2; printf '6nb'"), { tty });
    await proc.closed();
    assert.equal(proc.text(), "ab<$'\\E[1;1R'>");
  });

  both('start: what only a real terminal knows is asked of the client', async (t) => {
    const session = await t.session();
    const proc = await session.start(bash("printf '\\033[c\\033[?6n'"), { tty });
    await proc.closed();
    assert.equal(proc.text(), "\x1b[c\x1b[?6n<''>");
  });

  both('start: nothing is asked of a pipe', async (t) => {
    const session = await t.session();
    const proc = await session.start(['printf', 'a\\033[6nb'], { pipeStdin: true });
    await proc.closed();
    assert.equal(proc.text(), 'a\x1b[6nb');
  });

  bothApp('app-server: what a program asks its terminal is asked of the client', async (t) => {
    const app = await appServer(t);
    const handle = await app.spawn(bash("printf '\\033[6n'"), { tty });
    await handle.exited();
    assert.equal(handle.text(), "\x1b[6n<''>");
  });
});
