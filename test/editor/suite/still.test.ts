import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, ready, rowWith } from './support';

const VIEW = 'Exec Server';
const RUNNING = 30;
const CLICKS = 200;
/** For all the clicks on a loaded machine. */
const PATIENCE_MS = 600_000;
/** Long enough for anything that happens once a second. */
const STILL_MS = 10_000;

/** `n01`, so that no name is a part of another one. */
const nameOf = (at: number): string => `n${String(at).padStart(2, '0')}`;

/** A command that writes for ever, with its name in front. */
const talker = (name: string): string => `: ${name}; while sleep 0.2; do echo ${name} says; done`;

describe('the tree holds still while commands run', function () {
  this.timeout(PATIENCE_MS);
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView(VIEW);
  });
  afterEach(cleanUp);

  const startAll = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at++) await api.start({ command: talker(nameOf(at)), clientName: 'Tester' });
    await rowWith(nameOf(Math.min(count - 1, RUNNING / 2)), 'since');
    // The last drawing of what was started.
    await sleep(1500);
  };

  const opened = (name: string): Promise<boolean> =>
    eventually(() => vscode.window.activeTerminal?.name.includes(name), `the terminal of ${name}`).then(
      () => true,
      () => false,
    );

  it(`${CLICKS} clicks on rows among ${RUNNING} running ones: none misses, none opens another`, async () => {
    await startAll(RUNNING);
    // Not those at the lower edge: a click there moves the others.
    const drawn = (await driver.treeRows()).flatMap(({ text }) => /n\d\d/.exec(text) ?? []).slice(0, -4);
    assert.ok(drawn.length > RUNNING / 2, drawn.join());
    const missed: string[] = [];
    for (let click = 0; click < CLICKS; click++) {
      const name = drawn[(click * 7) % drawn.length] ?? '';
      await driver.pressRow(name);
      if (!(await opened(name))) missed.push(`${name} at click ${click}`);
    }
    assert.deepEqual(missed, []);
    await driver.screenshot('still-clicks');
  });

  it('a click on the first row of an agent opens it, however early it comes', async () => {
    for (let round = 0; round < 12; round++) {
      await api.start({ command: talker(nameOf(round)), clientName: `Tester ${round}` });
      // All rows are drawn anew when there is another agent.
      await rowWith(nameOf(round));
      await driver.clickRow(nameOf(round));
      assert.ok(await opened(nameOf(round)), `round ${round}`);
    }
  });

  it('Enter on a row opens it, and the list keeps the keyboard', async () => {
    await startAll(5);
    await driver.pressRow(nameOf(4));
    assert.ok(await opened(nameOf(4)));
    const missed: string[] = [];
    for (let round = 0; round < 10; round++) {
      const [key, name] = round % 2 ? ['ArrowDown', nameOf(4)] : ['ArrowUp', nameOf(3)];
      await driver.pressKey(key);
      await driver.pressKey('Enter');
      if (!(await opened(name))) missed.push(name);
    }
    assert.deepEqual(missed, []);
    assert.ok(!(await driver.activeElement()).terminal);
  });

  it('rows that are selected stay selected', async () => {
    await startAll(4);
    await driver.pressRow(nameOf(1));
    await opened(nameOf(1));
    await driver.pressRow(nameOf(3), 'Control');
    const selected = async (): Promise<string[]> =>
      (await driver.selectedRows()).flatMap((text) => /n\d\d/.exec(text) ?? []).sort();
    const both = [nameOf(1), nameOf(3)];
    await eventually(async () => (await selected()).join() === both.join(), 'two rows are selected');
    await sleep(STILL_MS);
    assert.deepEqual(await selected(), both);
  });

  const inBox = async (): Promise<boolean> => (await driver.activeElement()).tag === 'input';

  it('the box that finds rows keeps the keyboard', async () => {
    await startAll(3);
    await driver.pressRow(nameOf(0));
    await driver.pressKey('Control+Alt+f');
    await eventually(inBox, 'the box');
    const end = Date.now() + STILL_MS;
    while (Date.now() < end) {
      assert.ok(await inBox(), 'the keyboard went elsewhere');
      await sleep(100);
    }
    await driver.pressKey('Escape');
    await driver.pressKey('Escape');
  });

  it('the box that finds rows keeps the keyboard while commands come, end and unfold, which are drawn once it is closed', async () => {
    await startAll(3);
    // Another process below it each time that it is looked at.
    await driver.pressRow(nameOf(1));
    await opened(nameOf(1));
    await driver.pressKey('ArrowRight');
    await rowWith('sleep 0.2');
    const begun = Date.now();
    await driver.pressKey('Control+Alt+f');
    await eventually(inBox, 'the box');
    await api.start({ command: 'echo while you look', clientName: 'Another' });
    let round = 1000;
    // On a slow machine each start takes its time, and after 20 s the rows are drawn in any case.
    while (Date.now() - begun < 8000) {
      await api.start({ command: `sleep ${++round}`, clientName: 'Tester' });
      const end = Date.now() + 1500;
      while (Date.now() < end) {
        assert.ok((await inBox()) || Date.now() - begun > 15_000, 'the keyboard went elsewhere');
        await sleep(50);
      }
    }
    await driver.pressKey('Escape');
    await rowWith(`sleep ${round}`);
    await rowWith('Another');
  });

  it('every tooltip comes, and stays', async () => {
    await startAll(4);
    for (let at = 0; at < 4; at++) assert.match(await driver.rowTooltip(nameOf(at)), /Tester/);
    await sleep(3000);
    assert.match(await driver.shownTooltip(), /Tester/);
  });

  it('a row that ends is drawn anew, and the others are not', async () => {
    await startAll(3);
    const { processId } = await api.start({
      command: ': brief; read x',
      pipeStdin: true,
      clientName: 'Tester',
    });
    await rowWith(': brief', 'since');
    await driver.pressRow(nameOf(0));
    await opened(nameOf(0));
    await driver.pressRow(nameOf(2), 'Control');
    await api.write({ processId, data: '\n' });
    await rowWith(': brief', 'exit 0');
    assert.equal((await driver.selectedRows()).length, 2);
  });
});
