import assert from 'node:assert/strict';
import { clientLabel } from '../../../src/editor/tree/clientName';
import { rowDescription, rowMark, rowTime, type RowWords } from '../../../src/editor/tree/describe';
import { rowIcon, STATUS_ICONS } from '../../../src/editor/tree/rowIcons';
import { rowStatus } from '../../../src/editor/tree/status';
import { formatClock } from '../../../src/editor/text/clock';
import { ENDED, MODELS, RUNNING, STARTED_AT, SURVIVED } from './rowModels';

const WORDS: RowWords = {
  running: (since) => `running since ${since}`,
  stopping: (asked, left) => (asked ? `stopping ${asked}, ${left}` : 'stopping'),
  survived: (count) => `${count} survived`,
  since: (time) => `since ${time}`,
  exit: (code) => `exit ${code}`,
  killed: () => 'killed',
  lost: () => 'lost',
  asks: (question) => `needs you: ${question}`,
  secret: (question) => `needs a secret: ${question}`,
  atPrompt: () => 'at its prompt',
  refused: () => 'refused',
  unstarted: () => 'not started',
  noStart: (why, reason) => (why === 'failed' ? reason : `no ${why}`),
  keyboardElsewhere: () => 'at another window',
  typing: () => 'you type',
  held: (bytes) => `${bytes} wait`,
  keyboard: (taken, heldBytes) => `${taken ? 'yours' : 'guarded'}, ${heldBytes ?? 'nothing'} waits`,
  streamsOpen: (mark) => `${mark} · children run`,
};

const CLOCK = formatClock(STARTED_AT);

describe('rows', () => {
  it('say how a process stands', () => {
    assert.deepEqual(
      MODELS.map((model) => rowDescription(model, WORDS)),
      [
        `running since ${CLOCK}`,
        'stopping',
        'exit 0 · 3 s',
        'exit 1 · 3 s',
        'killed · 3 s',
        'lost',
        'exit 0 · children run · 3 s',
        'not started · No such file',
        'refused · no sandbox',
      ],
    );
    assert.deepEqual(
      MODELS.map((model) => [rowMark(model, WORDS), rowTime(model, WORDS)]),
      [
        ['', `since ${CLOCK}`],
        ['stopping', `since ${CLOCK}`],
        ['', '3 s'],
        ['exit 1', '3 s'],
        ['killed', '3 s'],
        ['lost', ''],
        ['exit 0 · children run', '3 s'],
        ['not started', 'No such file'],
        ['refused', 'no sandbox'],
      ],
    );
  });

  it('say who has the keyboard, while it runs', () => {
    const of = (taken: boolean, heldBytes: number | null) => ({ ...RUNNING, keyboard: { taken, heldBytes } });
    // In a word or two: what comes behind it in a narrow side bar is the command.
    assert.equal(rowMark(of(true, null), WORDS), 'you type');
    assert.equal(rowTime(of(true, null), WORDS), `since ${CLOCK}`);
    assert.equal(rowTime(of(true, 3), WORDS), `3 wait · since ${CLOCK}`);
    assert.equal(rowDescription(of(true, 3), WORDS), `running since ${CLOCK} · yours, 3 waits`);
    assert.equal(rowMark(of(false, 3), WORDS), '');
    assert.equal(rowTime(of(false, 3), WORDS), `guarded, 3 waits · since ${CLOCK}`);
    const elsewhere = { ...RUNNING, keyboard: { taken: true, takenElsewhere: true, heldBytes: 3 } };
    assert.equal(rowMark(elsewhere, WORDS), '');
    assert.equal(rowTime(elsewhere, WORDS), `at another window · since ${CLOCK}`);
    const asking = { ...of(false, 3), waiting: { kind: 'secret', question: 'Password:' } } as const;
    assert.equal(rowMark(asking, WORDS), 'Password:');
    assert.equal(rowTime(asking, WORDS), `guarded, 3 waits · since ${CLOCK}`);
    assert.match(rowDescription(asking, WORDS), / · guarded, 3 waits$/);
    const mine = { ...asking, ...of(true, 3), waiting: asking.waiting };
    assert.equal(rowMark(mine, WORDS), 'you type');
    assert.equal(rowTime(mine, WORDS), `3 wait · since ${CLOCK}`);
    const unseen = { ...mine, attended: false };
    assert.equal(rowMark(unseen, WORDS), 'Password:');
    assert.equal(rowTime(unseen, WORDS), `yours, 3 waits · since ${CLOCK}`);
    assert.match(rowDescription(mine, WORDS), /^yours, 3 waits · /);
    assert.notEqual(rowIcon(mine)[0], rowIcon(asking)[0]);
    assert.equal(rowMark({ ...of(true, 3), ...ENDED, state: 'exited', exitCode: 0 }, WORDS), '');
  });

  it('say the dialect if it is not the usual one', () => {
    const words = (dialect: string | undefined): string => rowDescription({ ...RUNNING, dialect }, WORDS);
    assert.equal(words(undefined), `running since ${CLOCK}`);
    assert.equal(words('app-server'), `running since ${CLOCK} · app-server`);
  });

  it('have another icon for each status, so that colour is not the only sign', () => {
    const icons = Object.values(STATUS_ICONS).map(([icon]) => icon);
    assert.equal(new Set(icons).size, icons.length);
    for (const model of MODELS) assert.ok(STATUS_ICONS[rowStatus(model)]);
  });

  it('say how far a stop has come, what it left, and signals by their names', () => {
    const stopping = { ...RUNNING, stopping: true, stop: { ...SURVIVED, done: false } };
    assert.equal(rowMark(stopping, WORDS), 'stopping 3, 1');
    const ending = { ...stopping, ...ENDED, state: 'killed', exitCode: 0, closed: false } as const;
    assert.equal(rowMark(ending, WORDS), 'stopping 3, 1');
    const killed = { ...RUNNING, ...ENDED, state: 'killed', exitCode: 137, stop: SURVIVED } as const;
    assert.equal(rowMark(killed, WORDS), 'killed · 1 survived');
    assert.equal(rowTime(killed, WORDS), '3 s');
    const signals = (exitCode: number, exitSignal: number | null): string =>
      rowMark({ ...RUNNING, ...ENDED, state: 'exited', exitCode, exitSignal }, WORDS);
    assert.deepEqual(
      [signals(139, 11), signals(139, null), signals(3, null), signals(200, null)],
      ['SIGSEGV', 'exit 139 (SIGSEGV)', 'exit 3', 'exit 200'],
    );
  });

  it('know the agents that name themselves for machines', () => {
    assert.equal(clientLabel('codex-environment'), 'Codex');
    assert.equal(clientLabel('someone'), 'someone');
    assert.equal(clientLabel('constructor'), 'constructor');
  });
});
