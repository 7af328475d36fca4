import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createLog } from '../../../src/editor/show/log';
import { flash, showError, showInformation, showWarning, withCancel } from '../../../src/editor/show/notices';
import { StatusItem } from '../../../src/editor/show/statusItem';
import { askChoice, askText, AWAY } from '../../../src/editor/show/steps';
import { driver, eventually, needsDriver } from '../host/driver';
import { forgetNotices, notified } from './environmentSupport';
import { ready } from './support';

const LINK = '[Repair](command:execServer.stop)';
const WORDS = `$(verified) ${LINK}`;
const ONE = { title: WORDS, step: 1, totalSteps: 1 };

/** As it is read: without the joiners that keep it from being more than text. */
const seen = (text: string): string => text.replace(/[\u2060\ufeff]/g, '').replace(/\s+/g, ' ');

/** That it is there, as words. */
const told = (look: () => Promise<string>, words: string): Promise<true> =>
  eventually(async () => seen(await look()).includes(words) || undefined, `words with ${words}`);

describe('the words of others are words, by whatever they are told', () => {
  before(async function () {
    needsDriver(this);
    await ready();
  });
  afterEach(async () => {
    await driver.pressKey('Escape');
    await forgetNotices();
  });

  const notices = { showError, showWarning, showInformation };
  for (const [name, show] of Object.entries(notices)) {
    it(`a notice: ${name}`, async () => {
      void show(`${name} ${WORDS}\nand so on`);
      assert.ok(seen(await notified(name)).includes(`${name} ${WORDS} ⏎ and so on`));
      assert.deepEqual(await driver.liveInNotifications(), []);
    });
  }

  it('what is being done, and each step of it', async () => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const work = withCancel(`being done ${WORDS}`, async (_, report) => {
      report(`step ${WORDS}`);
      await ended;
    });
    try {
      const notice = seen(await notified('being done', 'step'));
      for (const part of [`being done ${WORDS}`, `step ${WORDS}`]) assert.ok(notice.includes(part), notice);
      assert.deepEqual(await driver.liveInNotifications(), []);
    } finally {
      end();
      await work;
    }
  });

  it('the status bar, for a moment and for long', async () => {
    const item = new StatusItem('test.words', 'Words', 'execServer.menu');
    try {
      item.show('check', `entry ${WORDS}`, `tooltip ${WORDS}`, false);
      flash(`flash ${WORDS}`);
      const bar = async (): Promise<string> => (await driver.statusBarText()).join('\n');
      await told(bar, `entry ${WORDS}`);
      await told(bar, `flash ${WORDS}`);
    } finally {
      item.dispose();
    }
  });

  it('steps: what is to be typed, what is wrong with it, and what there is to choose', async () => {
    const complain = (value: string): string | undefined => (value === 'x' ? `fault ${WORDS}` : undefined);
    const text = askText({ ...ONE, prompt: `prompt ${WORDS}`, validate: complain });
    await told(driver.question, `prompt ${WORDS}`);
    assert.deepEqual(await driver.liveInQuestion(), []);
    await driver.answer('x');
    await told(driver.question, `fault ${WORDS}`);
    assert.deepEqual(await driver.liveInQuestion(), []);
    await driver.pressKey('Escape');
    assert.equal(await text, AWAY);

    const items = [{ label: `label ${WORDS}`, description: WORDS, detail: WORDS, value: 1 }];
    const choice = askChoice({ ...ONE, placeholder: WORDS, items });
    await told(async () => (await driver.quickPickRows()).join('\n'), `label ${WORDS}`);
    assert.deepEqual(await driver.liveInQuickPick(), []);
    await driver.pressKey('Escape');
    assert.equal(await choice, AWAY);
  });

  it('the log: one line for each message, in which nothing is hidden', async () => {
    const log = createLog('Words of others');
    try {
      log.info('name\n2000-01-01 00:00:00.000 [error] forged \u202e\x1b]0;x\x07');
      log.show();
      const line = String.raw`name\n2000-01-01 00:00:00.000 [error] forged \u202e\x1b]0;x\x07`;
      const written = (): string =>
        vscode.workspace.textDocuments
          .filter(({ uri }) => uri.scheme === 'output')
          .map((document) => document.getText())
          .join('\n');
      await eventually(() => written().includes(line) || undefined, 'the line of the log');
    } finally {
      log.dispose();
    }
  });
});
