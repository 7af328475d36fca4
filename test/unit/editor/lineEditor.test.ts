import assert from 'node:assert/strict';
import { LineEditor, type LineAction } from '../../../src/editor/terminal/lineEditor';
import { TerminalInput } from '../../../src/editor/terminal/terminalInput';

function play(...pieces: string[]): { echo: string; sent: string; other: string[] } {
  const editor = new LineEditor();
  const actions: LineAction[] = pieces.flatMap((piece) => editor.type(piece));
  const text = (type: 'echo' | 'send'): string =>
    actions.map((action) => (action.type === type && 'text' in action ? action.text : '')).join('');
  const other = actions.filter(({ type }) => type === 'interrupt' || type === 'end').map(({ type }) => type);
  return { echo: text('echo'), sent: text('send'), other };
}

describe('line editing for a pipe', () => {
  const cases: [what: string, pieces: string[], expected: ReturnType<typeof play>][] = [
    ['Enter sends the line', ['hi', '\r'], { echo: 'hi\r\n', sent: 'hi\n', other: [] }],
    ['a pasted text is lines', ['a\r\nb\nc'], { echo: 'a\r\nb\r\nc', sent: 'a\nb\n', other: [] }],
    ['Backspace', ['ab\x7fc\r'], { echo: 'ab\b \bc\r\n', sent: 'ac\n', other: [] }],
    ['Backspace at the beginning does nothing', ['\x7f\r'], { echo: '\r\n', sent: '\n', other: [] }],
    [
      'Backspace takes a whole character, two cells wide',
      ['👩‍👩‍👧\x7f\r'],
      { echo: '👩‍👩‍👧\b \b\b \b\r\n', sent: '\n', other: [] },
    ],
    ['Ctrl-U', ['abc\x15x\r'], { echo: 'abc\b \b\b \b\b \bx\r\n', sent: 'x\n', other: [] }],
    ['Ctrl-W', ['a bc \x17\r'], { echo: 'a bc \b \b\b \b\b \b\r\n', sent: 'a \n', other: [] }],
    ['Ctrl-C drops the line', ['abc\x03x\r'], { echo: 'abc^C\r\nx\r\n', sent: 'x\n', other: ['interrupt'] }],
    ['Ctrl-D on an empty line ends', ['\x04'], { echo: '', sent: '', other: ['end'] }],
    ['Ctrl-D on a line sends it as it is', ['ab\x04\x04'], { echo: 'ab', sent: 'ab', other: ['end'] }],
    [
      'arrows and marks of a paste are nothing',
      ['a\x1b[A\x1bOB\x1b[200~b\x1b[201~\r'],
      { echo: 'ab\r\n', sent: 'ab\n', other: [] },
    ],
  ];
  for (const [what, pieces, expected] of cases) it(what, () => assert.deepEqual(play(...pieces), expected));
});

describe('what comes from a terminal', () => {
  const setUp = (model: { tty?: boolean; stdinOpen?: boolean; state?: string; elsewhere?: boolean } = {}) => {
    const log: string[] = [];
    const input = new TerminalInput({
      target: {
        state: model.state ?? 'running',
        stdinOpen: model.stdinOpen ?? true,
        spec: { tty: model.tty ?? false },
        type: async (chunk) => {
          if (model.elsewhere) throw new Error('Somebody types at another window.');
          log.push(`type ${JSON.stringify(Buffer.from(chunk).toString())}`);
          return 'accepted';
        },
        keyboard: {
          takenElsewhere: model.elsewhere ?? false,
          reply: async (chunk) => (
            log.push(`reply ${JSON.stringify(Buffer.from(chunk).toString())}`),
            'accepted'
          ),
        },
        closeStdin: async (by) => (log.push(`closeStdin by ${by}`), 'accepted'),
        interrupt: () => log.push('interrupt'),
      },
      echo: (text) => log.push(`echo ${JSON.stringify(text)}`),
      closedHint: () => log.push('hint'),
      lostHint: () => log.push('lost'),
      elsewhereHint: () => log.push('elsewhere'),
      close: () => log.push('close'),
    });
    return { input, log };
  };

  it('a tty gets keys as they are, also while the past is replayed', () => {
    const { input, log } = setUp({ tty: true });
    input.handle('\x1b[A\x03');
    assert.deepEqual(log, ['type "\\u001b[A\\u0003"']);
  });

  it('while another window has the keyboard: a hint for each burst of keys', async () => {
    const { input, log } = setUp({ tty: true, elsewhere: true });
    input.handle('x');
    input.handle('y');
    await new Promise(setImmediate);
    assert.deepEqual(log, ['elsewhere']);
  });

  it('answers of the terminal reach a tty', () => {
    const { input, log } = setUp({ tty: true });
    input.handle('\x1b[0n');
    assert.deepEqual(log, ['reply "\\u001b[0n"']);
  });

  it('answers never reach a pipe', () => {
    const { input, log } = setUp();
    input.handle('\x1b[?1;2c');
    assert.deepEqual(log, []);
  });

  it('without a stdin: one hint, and Ctrl-C interrupts', () => {
    const { input, log } = setUp({ stdinOpen: false });
    input.handle('x');
    input.handle('y');
    input.handle('\x03');
    assert.deepEqual(log, ['hint', 'echo "^C\\r\\n"', 'interrupt']);
  });

  it('after the end a key closes, an answer or a late key does not', () => {
    const { input, log } = setUp({ state: 'exited' });
    input.ended(1000);
    input.handle('x', 1100);
    input.handle('\x1b[0n', 9000);
    assert.deepEqual(log, []);
    input.handle('x', 9000);
    assert.deepEqual(log, ['close']);
  });
});
