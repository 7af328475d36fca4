import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, clickAction, output, ready, rowWith, run, stateOf } from './support';
import { WireClient } from './wireClient';

const VIEW = 'Exec Server';
const ASKS = 'printf "Deploy to staging? [y/N] "; read a; echo "got $a."; sleep 1000';
const ASKS_SECRET = 'printf "Password: "; stty -echo; read a; stty echo; echo "length ${#a}."; sleep 1000';

const statusBar = (text: string): Promise<boolean> =>
  eventually(
    async () => (await driver.statusBarText()).some((one) => one.includes(text)),
    `the status bar says ${text}`,
  );
const badge = (text: string): Promise<boolean> =>
  eventually(async () => (await driver.viewBadge(VIEW)).includes(text), `the badge says ${text}`);
const noBadge = (): Promise<boolean> =>
  eventually(async () => !/need/.test(await driver.viewBadge(VIEW)), 'no badge');

describe('a command that needs a human', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView(VIEW);
  });
  afterEach(cleanUp);

  const start = async (command: string): Promise<string> =>
    (await api.start({ command, tty: true, clientName: 'Tester' })).processId;
  const needs = async (processId: string): Promise<object | null | undefined> =>
    (await api.list()).find((row) => row.processId === processId)?.needsInput;
  const writes = (processId: string, text: string): Promise<boolean> =>
    eventually(async () => (await output(processId)).includes(text), `it writes ${text}`);

  it('is on top with its question, is counted, and can be answered from its row', async () => {
    await start('sleep 1021');
    const processId = await start(ASKS);
    await start('sleep 1022');
    // Not by the question alone, which stands in its command too.
    await rowWith('needs you: Deploy to staging? [y/N]');
    await eventually(
      async () => (await driver.treeRows('Processes'))[1]?.text.includes('Deploy to staging?'),
      'the row is the first one of its agent',
    );
    await badge('1 command needs you');
    await statusBar('1 command needs you');
    assert.deepEqual(await needs(processId), { kind: 'input', question: 'Deploy to staging? [y/N]' });
    // Which agent it is, also of one that is folded.
    const agent = await rowWith('Tester', '1 command needs you');
    assert.equal(agent.level, 1);
    assert.match(agent.label, /^Tester, 1 command needs you/);
    await driver.screenshot('needs-you');
    await clickAction('Deploy to staging?', 'Answer');
    await driver.quickPick('Yes');
    await writes(processId, 'got y.');
    await noBadge();
    assert.equal(await needs(processId), null);
    await eventually(
      async () => !(await driver.statusBarText()).some((text) => text.includes('needs you')),
      'the status bar is quiet',
    );
  });

  it('a secret is asked for with a box that hides it, and is nowhere afterwards', async () => {
    const processId = await start(ASKS_SECRET);
    await rowWith('needs a secret from you: Password:');
    await clickAction('Password:', 'Answer');
    await driver.answer('hunter2');
    await writes(processId, 'length 7.');
    assert.ok(!(await output(processId)).includes('hunter2'));
  });

  it('neither what failed nor what runs is counted', async () => {
    await driver.openView('Explorer');
    const failed = await start('exit 9');
    await start('printf "Compiling? "; sleep 1000');
    await start('while :; do printf "\\rDone: 45%% [##  ]"; sleep 0.3; done');
    await eventually(async () => (await stateOf(failed)) === 'exited', 'it has failed');
    await sleep(2000);
    assert.ok(!/\d/.test(await driver.viewBadge(VIEW)), await driver.viewBadge(VIEW));
    assert.ok(!(await driver.statusBarText()).some((text) => text.includes('need')));
    await driver.openView(VIEW);
  });

  it('with the view hidden one notice comes, and its button answers', async () => {
    await driver.openView('Explorer');
    const processId = await start(ASKS);
    await start(ASKS_SECRET);
    const found = await eventually(
      async () => (await driver.notifications()).filter((text) => text.includes('asks')),
      'a notice',
    );
    await sleep(1500);
    assert.equal((await driver.notifications()).filter((text) => /asks/.test(text)).length, 1, found.join());
    const [notice] = found;
    assert.match(notice ?? '', /Tester: "printf .*" asks: Deploy to staging\? \[y\/N\]/);
    await driver.screenshot('needs-notice');
    await driver.clickNotification('Yes');
    await writes(processId, 'got y.');
    await eventually(
      async () =>
        (await driver.notifications()).some((text) => text.includes('asks for a secret: Password:')),
      'the next notice',
    );
    await run('processes.focus');
    await driver.openView(VIEW);
  });

  it('a notice whose command has ended keeps the next one from coming no more', async () => {
    await driver.openView('Explorer');
    const processId = await start('printf "Overwrite it? "; read a');
    const notice = (text: string): Promise<boolean> =>
      eventually(
        async () => (await driver.notifications()).some((one) => one.includes(text)),
        `a notice with ${text}`,
      );
    await notice('asks: Overwrite it?');
    await api.terminate({ processId, force: true });
    const next = await start('printf "Really? [y/N] "; read a; echo "got $a."; sleep 1000');
    await notice('asks: Really? [y/N]');
    await driver.clickNotification('Yes');
    await writes(next, 'got y.');
    await run('processes.focus');
    await driver.openView(VIEW);
  });

  it('a read that waits returns when somebody is needed', async () => {
    const processId = await start('sleep 0.5; printf "Sure? "; read a');
    let result = await api.read({ processId, waitMs: 20_000 });
    assert.equal(result.needsInput, null);
    result = await api.read({ processId, afterSeq: result.nextSeq - 1, waitMs: 20_000 });
    assert.deepEqual(result.needsInput, { kind: 'input', question: 'Sure?' });
  });

  it('that is filtered away is told above the rows', async () => {
    await start(ASKS);
    await start('sleep 1023');
    await rowWith('needs you: Deploy to staging?');
    await driver.runCommand('Exec Server: Filter Processes…');
    await driver.answer('1023');
    const says = (text: string): Promise<boolean> =>
      eventually(async () => (await driver.viewText('Processes')).includes(text), `it says ${text}`);
    await says('Filter: "1023" (not shown: 1 command needs you)');
    await start(ASKS_SECRET);
    await says('(not shown: 2 commands need you)');
    await run('showAll');
    await rowWith('needs you: Deploy to staging?');
  });

  it('of two agents of one name it is told which one needs somebody', async () => {
    const { url } = await api.connection();
    const [one, other] = await Promise.all(
      ['1024', '1025'].map(async (n) => {
        const agent = await WireClient.connect(url, { clientName: 'Twin', resumeSessionId: null });
        await agent.start('p', `sleep ${n}`);
        return agent;
      }),
    );
    await rowWith('Twin', 'connected · ');
    await one?.start('q', ASKS, { tty: true });
    const { text } = await rowWith('Twin', '1 command needs you');
    // The rest is cut off by a narrow side bar.
    assert.match(text, /^Twin ?1 command needs you · [0-9a-f]{6}$/);
    one?.close();
    other?.close();
  });

  it('hostile text in a question is text', async () => {
    await start(`printf '\\033[31m$(zap) [x](command:execServer.killAll)\\u202e? '; read a`);
    await rowWith('$⁠(zap)').catch(() => rowWith('(zap)'));
    assert.deepEqual(await driver.liveInRows(), []);
  });
});
