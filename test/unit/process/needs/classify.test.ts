import assert from 'node:assert/strict';
import { classify, type QuietFacts } from '../../../../src/process/needs/classify';
import { lastLine } from '../../../../src/process/needs/lastLine';

/** What only other systems and other users' programs have. */
describe('what a process waits for, where the system tells less', () => {
  const said = (tail: string, more: Partial<QuietFacts> = {}): string => {
    const facts = { tty: true, mode: undefined, look: undefined, written: false, ...more };
    const waiting = classify({ line: lastLine(tail), ...facts });
    return waiting ? `${waiting.kind}: ${waiting.question}` : '';
  };
  const raw = { echo: false, canonical: false };

  for (const [tail, expected] of [
    ['Deploy? [y/N] ', 'input: Deploy? [y/N]'],
    ['Password: ', 'secret: Password:'],
    ['\x1b[1mName\x1b[0m: ', 'input: Name:'],
    ['What is your name?\r\n> ', 'input: What is your name?'],
    ['me@host:~/shop$ ', 'prompt: me@host:~/shop$'],
    ['PS C:\\Users\\me> ', 'prompt: PS C:\\Users\\me>'],
    ['>>> ', 'prompt: >>>'],
    ['Compiling', ''],
    ['done\r\n', ''],
    ['Ready?\r\n', ''],
    ['\rDownloading 45% [##  ]', ''],
    ['\rStep 1: \rStep 2: ', ''],
    ['Installing dependencies...', ''],
    ['\x1b[?1049h\x1b[2J\x1b[1;1H~ \x1b[24;1HReally? ', ''],
    ['\x1b[24;1H\x1b[7mhelp? (END)\x1b[27m', ''],
    [':', ''],
  ] as const) {
    it(JSON.stringify(tail), () => assert.equal(said(tail), expected));
  }

  it('a program of another user that sleeps is judged by the terminal and its last line', () => {
    const look = { wait: 'hidden', reader: { pid: 1, name: 'sudo', argv: [''] } } as const;
    const mode = { echo: false, canonical: true };
    assert.equal(said('[sudo] password for me: ', { mode, look }), 'secret: [sudo] password for me:');
    assert.equal(said('Continue? [y/N] ', { mode: raw, look }), 'input: Continue? [y/N]');
    assert.equal(said('Building', { mode: raw, look }), '');
  });

  it('what ssh carries is judged by its last line', () => {
    const look = { wait: 'polls', reader: { pid: 1, name: 'ssh', argv: ['ssh', 'box'] } } as const;
    assert.equal(said('Go on? ', { mode: raw, look }), 'input: Go on?');
    assert.equal(said('me@box:~$ ', { mode: raw, look }), 'prompt: me@box:~$');
    assert.equal(said('Compiling a.c', { mode: raw, look }), '');
  });

  it('a question is one line of 200 characters at most, without anything that cannot be seen', () => {
    const question = said(`\x1b]0;title\x07\u202e${'😀'.repeat(300)}?`).replace('input: ', '');
    assert.equal(Array.from(question).length, 200);
    assert.ok(/^[\u{1f600}]+$/u.test(question));
  });
});
