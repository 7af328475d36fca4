import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { ManagedProcess } from '../../../src/process';
import type { TerminalSize } from '../../../src/process';
import { ProcessTable } from '../../../src/process/processTable';
import { Answering } from '../../../src/process/viewing/answering';
import { OWNER, spec, untilOutput } from './helpers';

const WIDE = { rows: 50, cols: 200 };
const SCREEN = { rows: 10, cols: 106 };

/** What answers questions, with what came of it; a person may look. */
function answering(): {
  it: Answering;
  typed: string[];
  out: () => string;
  look: (looks: boolean) => void;
} {
  const typed: string[] = [];
  let text = '';
  let looks = false;
  const it = new Answering(
    {
      size: () => WIDE,
      type: async (answer) => void typed.push(answer),
      output: (chunk) => (text += chunk.toString('latin1')),
    },
    () => looks,
  );
  return { it, typed, out: () => text, look: (now) => (looks = now) };
}

const take = ({ it }: { it: Answering }, text: string): void => it.take(Buffer.from(text, 'latin1'));

describe('questions to a terminal that nobody looks at', () => {
  const ANSWERS: [string, string][] = [
    ['\x1b[6n', '\x1b[1;1R'],
    ['\x1b[5n', '\x1b[0n'],
    ['\x1b[?2026$p', '\x1b[?2026;0$y'],
    ['\x1b[18t', '\x1b[8;50;200t'],
  ];
  for (const [question, answer] of ANSWERS) {
    it(`are answered and taken out of the output: ${JSON.stringify(question)}`, () => {
      const asked = answering();
      take(asked, `a${question}b`);
      assert.deepEqual([asked.typed, asked.out()], [[answer], 'ab']);
    });

    it(`also when they come in pieces: ${JSON.stringify(question)}`, () => {
      for (let cut = 1; cut < question.length; cut++) {
        const asked = answering();
        take(asked, `a${question.slice(0, cut)}`);
        take(asked, `${question.slice(cut)}b`);
        assert.deepEqual([asked.typed, asked.out()], [[answer], 'ab'], `cut at ${String(cut)}`);
      }
    });
  }

  it('that are for a real terminal pass, and so does all else', () => {
    const others = [
      '\x1b[c',
      '\x1b[?6n',
      '\x1b]11;?\x07',
      '\x1b[>0q',
      '\x1b[?u',
      '\x1b[16n',
      '\x1b[2$p',
      'é\x1b[31m\xff',
    ];
    const asked = answering();
    for (const other of others) take(asked, other);
    assert.deepEqual([asked.typed, asked.out()], [[], others.join('')]);
  });

  it('keep back no output for long, and none at the end', async () => {
    const asked = answering();
    take(asked, 'prompt\x1b[');
    assert.equal(asked.out(), 'prompt');
    asked.it.flush();
    assert.equal(asked.out(), 'prompt\x1b[');
    take(asked, '\x1b');
    await delay(800);
    assert.equal(asked.out(), 'prompt\x1b[\x1b');
  });

  it('are a viewer’s to answer while there is one; what it leaves behind is answered once it is gone', () => {
    const asked = answering();
    asked.look(true);
    take(asked, '\x1b[6n\x1b[5n');
    assert.deepEqual([asked.typed, asked.out()], [[], '\x1b[6n\x1b[5n']);
    asked.it.viewerTyped('\x1b[3;7R');
    asked.look(false);
    asked.it.viewersGone();
    assert.deepEqual(asked.typed, ['\x1b[0n']);
    asked.it.viewersGone();
    assert.equal(asked.typed.length, 1);
  });

  it('are not answered without end for a program that reads nothing', () => {
    const typed: string[] = [];
    const type = (answer: string): Promise<never> => {
      typed.push(answer);
      return new Promise(() => undefined);
    };
    const it = new Answering({ size: () => WIDE, type, output: () => undefined }, () => false);
    for (let count = 0; count < 1000; count++) it.take(Buffer.from('\x1b[6n'));
    assert.equal(typed.length, 64);
  });
});

describe('a program whose question a viewer leaves open', () => {
  const table = new ProcessTable();
  after(() => table.shutdown());

  it('has its answer when the viewer has gone', async () => {
    const script = [
      'stty raw -echo; printf "ready\\n"; IFS= read -r -N 1 _',
      'printf "\\033[6n"; IFS= read -r -d R x; stty sane; printf "<%q>" "$x"',
    ].join('; ');
    const process = await table.start('t', spec(['bash', '-c', script], { tty: true }), OWNER);
    await untilOutput(process, /ready/);
    const viewer = process.view({ fixedSize: () => undefined });
    viewer?.live();
    await process.write(Buffer.from('x'));
    await untilOutput(process, /\x1b\[6n/);
    viewer?.[Symbol.dispose]();
    assert.match(await untilOutput(process, /<[^>]*>/), /<\$'\\E\[1;1'>/);
  });
});

describe('the size of a terminal that somebody looks at', () => {
  const table = new ProcessTable();
  after(() => table.shutdown());

  /** Tells its size again and again. */
  async function terminal(
    size?: TerminalSize,
  ): Promise<{ process: ManagedProcess; shows: (text: string) => Promise<void> }> {
    const script = 'while :; do stty size; sleep 0.05; done';
    const process = await table.start('t', { ...spec(['bash', '-c', script]), tty: true, size }, OWNER);
    const shows = async (text: string): Promise<void> => {
      for (;;) {
        const { chunks } = await process.read();
        const lines = Buffer.concat(chunks.map(({ chunk }) => chunk))
          .toString()
          .trim()
          .split('\r\n');
        if (lines.at(-1) === text) return;
        await delay(20);
      }
    };
    return { process, shows };
  }

  it('is that of the screen, and the agent’s again when the last viewer has gone', async () => {
    const { process, shows } = await terminal();
    await shows('24 80');
    const viewer = process.view({ fixedSize: () => assert.fail('nothing is fixed') });
    viewer?.resize(SCREEN);
    await shows('10 106');
    viewer?.[Symbol.dispose]();
    await shows('24 80');
  });

  it('stays what the agent asked for until a person types', async () => {
    const { process, shows } = await terminal(WIDE);
    await shows('50 200');
    const fixed: unknown[] = [];
    const viewer = process.view({ fixedSize: (size) => fixed.push(size) });
    viewer?.resize(SCREEN);
    await process.resize({ rows: 51, cols: 200 });
    await shows('51 200');
    viewer?.takeKeyboard();
    await shows('10 106');
    await process.resize({ rows: 52, cols: 200 });
    assert.deepEqual(fixed, [WIDE, { rows: 51, cols: 200 }, undefined]);
    viewer?.[Symbol.dispose]();
    await shows('52 200');
  });
});
