import assert from 'node:assert/strict';
import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import type { OutputChunk, OutputStream } from '../../../src/environment';
import { EscapeScanner } from '../../../src/editor/terminal/escapeScanner';
import { LEGIBLE, RESET } from '../../../src/editor/terminal/ground';
import { isReport, Marks } from '../../../src/editor/terminal/marks';
import { StreamText } from '../../../src/editor/terminal/streamText';

describe('what stands after a program has ended', () => {
  const left = {
    'another set of letters': '\x1b(0',
    'the other set of letters': '\x1b)0\x0e',
    'the alternate screen': '\x1b[?1049h',
    'the alternate screen of old': '\x1b[?47h',
    'output that is held back': '\x1b[?2026h',
    margins: '\x1b[2;3r\x1b[?6h',
    'a sequence that is open': '\x1b]0;title',
    'inserting and no wrapping': '\x1b[4h\x1b[?7l',
    'bracketed paste and the mouse': '\x1b[?2004h\x1b[?1003h\x1b[?1h\x1b=',
  };
  for (const [name, text] of Object.entries(left)) {
    it(`is legible, and nothing is left of ${name}`, async () => {
      const terminal = new Terminal({ cols: 20, rows: 5, allowProposedApi: true });
      const write = (data: string): Promise<void> => new Promise((done) => terminal.write(data, done));
      await write(`${text}\r\n`);
      await write(`${RESET}\r\nqqq ended`);
      const { active } = terminal.buffer;
      const lines = Array.from({ length: active.length }, (_, y) =>
        active.getLine(y)?.translateToString(true),
      );
      assert.equal(active.type, 'normal');
      assert.ok(lines.includes('qqq ended'), lines.join('|'));
      assert.deepEqual(terminal.modes, new Terminal({ allowProposedApi: true }).modes);
    });
  }
});

describe('what we say while a program runs', () => {
  const left = {
    'another set of letters': '\x1b(0',
    'the other set of letters': '\x1b)0\x0e',
    'a sequence that is open': '\x1b]0;title',
    'inserting and no wrapping': '\x1b[4h\x1b[?7l',
    'letters that are not seen': '\x1b[8m',
    'colours and underlines': '\x1b[4;7;31;41m',
    'a link': '\x1b]8;;https://a.example\x1b\\',
  };
  for (const [name, text] of Object.entries(left)) {
    it(`is legible in spite of ${name}`, async () => {
      const terminal = new Terminal({ cols: 20, rows: 5, allowProposedApi: true });
      const write = (data: string): Promise<void> => new Promise((done) => terminal.write(data, done));
      await write(`old old old old old\r${text}`);
      await write(`${LEGIBLE}qqq and more than one line`);
      const { active } = terminal.buffer;
      const lines = [0, 1].map((y) => active.getLine(y)?.translateToString(true));
      assert.deepEqual(lines, ['qqq and more than on', 'e line']);
      assert.ok(active.getLine(0)?.getCell(0)?.isAttributeDefault(), 'it has colours of the program');
    });
  }

  it('is dark on light where letters are, whatever was switched', () => {
    // No terminal here can tell: it does not know this mode.
    for (const text of [LEGIBLE, RESET]) assert.ok(text.includes('\x1b[?5l'));
  });
});

describe('marks', () => {
  it('only our own answers are taken out', () => {
    const marks = new Marks(0.5);
    const { id, text } = marks.create();
    assert.equal(text, `\x1b[?${id}$p`);
    const mixed = `a\x1b[?${id};0$y\x1b[0n\x1b[?2004;1$y\x1b[?${id + 1};0$yb`;
    assert.deepEqual(marks.extract(mixed), {
      answered: [id],
      rest: `a\x1b[0n\x1b[?2004;1$y\x1b[?${id + 1};0$yb`,
    });
  });

  it('reports are told from keys', () => {
    for (const report of [
      '\x1b[0n',
      '\x1b[24;80R',
      '\x1b[?62;c',
      '\x1b[>0;276;0c',
      '\x1b[I',
      '\x1b[O',
      '\x1b[<0;1;1M',
      '\x1b[8;24;80t',
      '\x1b[0n\x1b[?1;2c',
    ])
      assert.ok(isReport(report), JSON.stringify(report));
    for (const key of [
      'a',
      '\r',
      '\x1b',
      '\x1b[A',
      '\x1bOP',
      '\x1b[3~',
      '\x1b[1;5C',
      'n',
      '\x1b[200~x\x1b[201~',
      '',
    ])
      assert.ok(!isReport(key), JSON.stringify(key));
  });
});

describe('the scanner of escape sequences', () => {
  const cases: [text: string, ground: number][] = [
    ['plain', 5],
    ['a\x1b[3', 1],
    ['a\x1b[31mb\x1b', 7],
    ['\x1b]0;title', 0],
    ['\x1b]0;title\x07x', 11],
    ['\x1b]0;t\x1b\\', 7],
    ['\x1bP+q544e\x1b\\', 10],
    ['\u009b31m', 4],
    ['\x1b(B', 3],
    ['\x1b[\x18x', 4],
  ];
  for (const [text, ground] of cases) {
    it(JSON.stringify(text), () => assert.equal(new EscapeScanner().scan(text), ground));
  }

  it('finds the same wherever the text is split', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\x1b', '[', ']', '3', 'm', '\x07', '\\', 'P', '\x18') }),
        fc.nat(20),
        (text, cut) => {
          const whole = new EscapeScanner().scan(text);
          const scanner = new EscapeScanner();
          const first = text.slice(0, cut);
          const inFirst = scanner.scan(first);
          const inRest = scanner.scan(text.slice(cut));
          assert.equal(inRest >= 0 ? first.length + inRest : inFirst, whole);
        },
      ),
    );
  });
});

describe('the text of streams', () => {
  const chunk = (bytes: number[] | string, stream: OutputStream): OutputChunk => ({
    seq: 1,
    stream,
    chunk: Buffer.from(bytes as string),
  });

  it('a character split between chunks stays whole, streams apart', () => {
    const text = new StreamText();
    assert.equal(text.push([chunk([0xc3], 'stdout'), chunk('E', 'stderr'), chunk([0xa4], 'stdout')]), 'Eä');
  });

  it('newlines of pipes get their return, those of terminals have it', () => {
    const text = new StreamText();
    assert.equal(text.push([chunk('a\nb\r\n', 'stdout'), chunk('c\n', 'pty')]), 'a\r\nb\r\nc\n');
  });

  it('after a gap the rest of a character is left out', () => {
    const text = new StreamText();
    text.push([chunk([0xf0], 'pty')]);
    text.gap();
    assert.equal(text.push([chunk([0x9f, 0x99, 0x82, 0x61], 'pty')]), 'a');
  });
});
