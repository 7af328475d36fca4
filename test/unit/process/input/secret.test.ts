import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { START_MS } from '../../../../scripts/host/patience.mjs';
import { Screen } from '../../../../src/screen';
import { AttendedHost } from '../../../support/attended/attended';
import { HiddenPrompts, type HiddenPrompt } from '../../../support/hiddenPrompts';
import { memoryHolds } from '../../../support/memoryOf';
import { eventually } from '../../../editor/host/driver';
import { Agent } from '../../../support/attended/agent';
import { linux, until } from '../helpers';

/** A size at which nothing is cut. */
const SCREEN = { cols: 200, rows: 50, scrollback: 5000, tabStopWidth: 8, unicodeVersion: '11' } as const;
/** Behind the secret, so that the host moves what came before it from memory to a file. */
const FLOOD = 'seq 1 20000';

(linux ? describe : describe.skip)('a secret that a person types', function () {
  this.timeout(START_MS);
  const folder = mkdtempSync(path.join(tmpdir(), 'secret-'));
  const written = path.join(folder, 'host');
  const secret = randomBytes(12).toString('hex');
  let prompts: HiddenPrompts;
  let host: AttendedHost;
  let agent: Agent;
  let rows = 0;

  before(async () => {
    prompts = await HiddenPrompts.prepare(path.join(folder, 'prompts'), secret);
    host = await AttendedHost.start(written);
    agent = await Agent.connect(host.url, 'Looker');
  });
  after(async () => {
    agent.close();
    await host.killed();
    await prompts[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** Starts it; resolves with the row's key once it asks. */
  async function ask({
    argv,
    asks,
  }: Pick<HiddenPrompt, 'argv' | 'asks'>): Promise<{ row: string; id: string }> {
    const id = `ask${++rows}`;
    await agent.start(id, argv, { tty: true });
    await agent.sees(id, asks);
    return { row: `p${rows}`, id };
  }

  /** Everything that the host has written, files without a name too. */
  function files(): Buffer[] {
    const named = readdirSync(written, { recursive: true, encoding: 'utf8' }).map((name) =>
      path.join(written, name),
    );
    const fds = readdirSync(`/proc/${host.pid}/fd`).map((fd) => `/proc/${host.pid}/fd/${fd}`);
    const unnamed = fds.filter((fd) => readlinkSync(fd).endsWith('(deleted)'));
    assert.ok(unnamed.length > 0, 'output is in a file without a name');
    return [...named, ...unnamed].filter((file) => statSync(file).isFile()).map((file) => readFileSync(file));
  }

  it('into bash, sudo, su and ssh is found nowhere: not in files, on the wire, on a screen, nor in memory', async () => {
    for (const prompt of prompts.all) {
      const { row, id } = await ask(prompt);
      const held = await agent.write(id, 'agent\n');
      assert.deepEqual(held, { status: 'accepted', held: 'secret' }, prompt.name);
      await host.does({ act: 'keys', row }, `${secret}\r`);
      const output = await agent.sees(id, prompt.accepts);
      assert.deepEqual(memoryHolds(host.pid, secret), [0], prompt.name);
      const screen = new Screen(SCREEN);
      await screen.write(output);
      assert.ok(!screen.snapshot().text.includes(secret), prompt.name);
    }
    const { row, id } = await ask({
      argv: ['bash', '-c', `read -rs -p "Word: " word; ${FLOOD}; sleep 1000`],
      asks: /Word: $/,
    });
    await host.does({ act: 'keys', row }, `${secret}\r`);
    await agent.sees(id, /20000\r\n$/);
    await agent.request('process/snapshot', { processId: id });
    await agent.request('process/read', { processId: id, afterSeq: 0 });
    await until(() =>
      readFileSync(path.join(written, 'log.txt'), 'utf8').includes(`${row} of Looker started`),
    );
    const found = [...files(), ...agent.frames].filter((bytes) => holds(bytes, secret));
    assert.equal(found.length, 0);
    assert.ok(
      files().some((bytes) => holds(bytes, '[sudo]') || holds(bytes, 'Word: ')),
      'the looking finds',
    );
    const [here, there] = memoryHolds(host.pid, secret, 'Word: ');
    assert.equal(here, 0);
    assert.ok(there, 'the looking finds');
  });

  it('wrongly, and then again, into sudo: what an agent typed meanwhile is no password, and is not lost', async function () {
    const sudo = prompts.all.find(({ name }) => name === 'sudo');
    // Why is printed above.
    if (!sudo) return this.skip();
    for (const act of ['keys', 'box'] as const) {
      const argv = [...sudo.argv.slice(0, -1), 'read -r line; echo "got <$line>"'];
      const { row, id } = await ask({ argv, asks: sudo.asks });
      await agent.write(id, 'agent\n');
      const type = (text: string): Promise<void> =>
        host.does({ act, row }, act === 'box' ? text : `${text}\r`);
      await type('wrong');
      await agent.sees(id, /try again[^]*password for secretive: $/);
      await type(secret);
      const output = await agent.sees(id, /got <agent>/);
      assert.equal(output.match(/try again/g)?.length, 1, act);
    }
  });

  it('is overwritten in memory at once as bytes and as keys; pasted or from a box, once garbage was collected', async () => {
    for (const act of ['type', 'keys', 'paste', 'box'] as const) {
      // Of its own: a box leaves it to the editor when it is overwritten.
      const own = randomBytes(12).toString('hex');
      const asks = {
        argv: ['bash', '-c', 'read -rs -p "Word: " word; echo "[${#word}]"; sleep 1000'],
        asks: /Word: $/,
      };
      const { row, id } = await ask(asks);
      await host.does({ act, row }, act === 'box' ? own : `${own}\r`);
      await agent.sees(id, /\[24\]/);
      const [atOnce] = memoryHolds(host.pid, own);
      // What the editor brings as a string is the editor's; ours adds none.
      assert.ok((atOnce ?? 0) <= (act === 'paste' || act === 'box' ? 1 : 0), `${act}: ${atOnce}`);
      await eventually(async () => {
        await host.does({ act: 'collect' });
        return memoryHolds(host.pid, own)[0] === 0;
      }, `nothing of it after ${act}`);
    }
  });
});

function holds(bytes: Buffer, text: string): boolean {
  return bytes.includes(text) || bytes.includes(Buffer.from(text).toString('base64'));
}
