import assert from 'node:assert/strict';
import { likelyAnswers } from '../../../src/editor/needs/likelyAnswers';
import { Needed } from '../../../src/editor/needs/needed';
import { arrange } from '../../../src/editor/tree/arrange';
import { groupRows } from '../../../src/editor/tree/groups';
import { ProcessTable } from '../../../src/process/processTable';
import { OWNER, shell, until } from '../process/helpers';

describe('answers that a question offers', () => {
  const texts = (question: string): string =>
    likelyAnswers(question)
      .map(({ label, text }) => `${label}=${text}`)
      .join();
  for (const [question, expected] of [
    ['Deploy to staging? [y/N]', 'yes=y,no=n'],
    ['Do you want to continue? [Y/n]', 'yes=y,no=n'],
    ['Overwrite (y/n)?', 'yes=y,no=n'],
    ['Proceed ([y]/n)?', 'yes=y,no=n'],
    ['Stage this hunk [y,n,q,a,d,e,?]?', 'yes=y,no=n'],
    ['Are you sure you want to continue connecting (yes/no/[fingerprint])?', 'yes=yes,no=no'],
    ['Press Enter to continue', 'continue='],
    ['Press any key to continue . . .', 'continue='],
    ['Your name:', ''],
    ['Is it any good?', ''],
  ] as const) {
    it(question, () => assert.equal(texts(question), expected));
  }
});

describe('what needs a human stands on top', () => {
  const row = (id: string, startedAt: number, owner: string, needsInput: object | null = null) => ({
    id,
    startedAt,
    endedAt: null,
    closed: false,
    state: 'running',
    exitCode: null,
    needsInput,
    owner: { id: owner, name: owner },
    environmentId: null,
    spec: { argv: [id], cwd: '/' },
  });

  it('of its agent', () => {
    const { live } = arrange([row('a', 1, 'x'), row('b', 2, 'x', {}), row('c', 3, 'x')], () => false);
    assert.equal(live.map(({ id }) => id).join(), 'b,a,c');
  });

  it('and its agent above the others', () => {
    const rows = groupRows([row('a', 1, 'ext:x', {}), row('b', 2, 'ext:y'), row('c', 3, 'ext:z')], []);
    assert.equal(rows.map(({ id }) => id).join(), 'ext:x,ext:z,ext:y');
  });
});

describe('who needs a human', () => {
  it('is told once for each question, and when it is answered', async () => {
    const table = new ProcessTable();
    const needed = new Needed(table, () => false);
    const seen: string[] = [];
    needed.on('changed', () =>
      seen.push(
        needed
          .list()
          .map(({ needs }) => needs.question)
          .join(),
      ),
    );
    const asks = shell('printf "One? "; read a; printf "Two? "; read b; sleep 60', { tty: true });
    const process = await table.start('ask', asks, OWNER);
    await until(() => seen.at(-1) === 'One?');
    const [first] = needed.list();
    await process.write(Buffer.from('y\r'));
    await until(() => seen.at(-1) === 'Two?');
    assert.ok(first && !needed.isOpen(first));
    await process.write(Buffer.from('y\r'));
    await until(() => seen.at(-1) === '');
    await table.shutdown({ graceMs: 10 });
    assert.deepEqual(seen.filter(Boolean), ['One?', 'Two?']);
    needed.dispose();
  });

  it('is not told while a person who has the keyboard is at it, and is for the next question if they have gone', async () => {
    const table = new ProcessTable();
    let isInFront = true;
    const needed = new Needed(table, () => isInFront);
    const asks = shell('printf "One? "; read a; printf "Two? "; read b; sleep 60', { tty: true });
    const process = await table.start('ask', asks, OWNER);
    const questions = (): string =>
      needed
        .list()
        .map(({ needs }) => needs.question)
        .join();
    await until(() => questions() === 'One?');
    process.keyboard.takeOver();
    assert.equal(questions(), '');
    assert.ok(needed.isAny && needed.isAttended(process));
    isInFront = false;
    needed.lookAgain();
    assert.equal(questions(), '', 'they know what it asks');
    await process.type(Buffer.from('y\r'));
    await until(() => questions() === 'Two?');
    assert.ok(!needed.isAttended(process));
    isInFront = true;
    needed.lookAgain();
    assert.equal(questions(), '');
    process.keyboard.giveBack();
    assert.equal(questions(), 'Two?');
    await table.shutdown({ graceMs: 10 });
    needed.dispose();
  });
});
