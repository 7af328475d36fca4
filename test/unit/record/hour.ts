import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { endedByCrash, Journal, type Happening } from '../../../src/record';
import { eventually } from '../../editor/host/driver';
import { Agent } from '../../support/attended/agent';
import { AttendedHost } from '../../support/attended/attended';

const MINUTE_MS = 60_000;
const BEGIN = Date.UTC(2026, 0, 1, 9);
const NAMES = ['Builder', 'Tester', 'Filer'];

/** What goes in and out, and is not to be found in what is told. */
export const UNTOLD = {
  typed: 'typedByTheAgent',
  mine: 'typedByThePerson',
  secret: 'typedInABox',
  value: 'valueOfTheEnvironment',
  content: 'contentOfTheFile',
};

/** A line without what a test cannot know: the window, and the numbers of agents. */
export type Line = Readonly<Record<string, unknown>>;

/** A command that runs. */
interface Open {
  readonly row: string;
  readonly id: string;
  readonly agent: string;
  readonly since: number;
}

/**
 * An hour of three agents and their person, one deed in each minute of a clock that stands still in between. Whatever
 * is done, it is noted here what the time-line has to tell of it.
 */
export class Hour implements AsyncDisposable {
  readonly expected: Line[] = [];
  /** Oldest first. */
  open: Open[] = [];
  private readonly agents = new Map<string, Agent>();
  private readonly journal: Journal;
  private host!: AttendedHost;
  private now = BEGIN;
  private rows = 0;

  /** @param web where something can be fetched */
  constructor(
    private readonly folder: string,
    private readonly web: URL,
  ) {
    const onTrouble = (problem: string): never => assert.fail(problem);
    this.journal = new Journal({ folder: path.join(folder, 'happened'), limit: () => 0, onTrouble });
  }

  /** All of them, as they are exported. */
  lines(): Promise<Happening[]> {
    return this.journal.read();
  }

  /** The rows that ended with their window, as the next one tells. */
  async endedByCrash(): Promise<string[]> {
    const { journal } = this;
    const ended = endedByCrash(await this.lines(), (window) => journal.lives(window), journal.window);
    return ended.map(({ row }) => row).reverse();
  }

  async begin(): Promise<void> {
    this.rows = 0;
    this.open = [];
    this.host = await AttendedHost.start(this.folder, this.now);
    this.note({ kind: 'opened' });
    for (const agent of NAMES) await this.connect(agent);
    await this.told();
  }

  /** Without a word. */
  crash(): Promise<void> {
    return this.host.killed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.killed();
  }

  /** In order. */
  async end(): Promise<void> {
    await this.host.does({ act: 'close' });
    this.note({ kind: 'closed' });
    await this.told();
    await this.crash();
  }

  /** Lets a minute go by and does one thing in it. */
  async minute(deed: (hour: this, agent: string) => Promise<void>): Promise<void> {
    this.now += MINUTE_MS;
    await this.host.does({ act: 'clock', ms: this.now });
    await deed(this, NAMES[(this.now / MINUTE_MS) % NAMES.length] ?? '');
    await this.told();
  }

  async runs(agent: string, argv: readonly string[], exitCode: number): Promise<void> {
    const { row, id } = await this.start(agent, argv);
    await this.agent(agent).closed(id);
    this.note({ kind: 'ended', row, agent, state: 'exited', exitCode, signal: null, ms: 0 });
  }

  async opens(agent: string): Promise<void> {
    this.open.push({ ...(await this.start(agent, ['cat'], { pipeStdin: true })), agent, since: this.now });
  }

  async isRefused(agent: string): Promise<void> {
    const argv = ['/no/such/program'];
    const row = `p${++this.rows}`;
    const words = (error: unknown): string => (error instanceof Error ? error.message : '');
    const reason = await this.agent(agent)
      .start(row, argv)
      .then(() => assert.fail(), words);
    this.note({ kind: 'refused', agent, reason, failed: true, row, argv, cwd: '/tmp' });
  }

  async types(): Promise<void> {
    const { row, id, agent } = this.oldest();
    await this.agent(agent).write(id, UNTOLD.typed);
    this.note({ kind: 'typed', row, agent, by: 'agent', bytes: UNTOLD.typed.length });
  }

  async personTypes(): Promise<void> {
    const { row, agent } = this.oldest();
    await this.host.does({ act: 'keys', row }, `${UNTOLD.mine}\r`);
    this.note({ kind: 'typed', row, agent, by: 'person', bytes: UNTOLD.mine.length + 1 });
  }

  async personSendsSecret(): Promise<void> {
    const { row, agent } = this.oldest();
    await this.host.does({ act: 'box', row }, UNTOLD.secret);
    this.note({ kind: 'typed', row, agent, by: 'person' });
  }

  async personTakesOver(): Promise<void> {
    const { row, id, agent } = this.oldest();
    await this.host.does({ act: 'takeOver', row });
    this.note({ kind: 'tookKeyboard', row, agent });
    assert.equal(((await this.agent(agent).write(id, UNTOLD.typed)) as { held?: string }).held, 'person');
    await this.host.does({ act: 'giveBack', row });
    this.note({ kind: 'gaveBack', row, agent });
    this.note({ kind: 'typed', row, agent, by: 'agent', bytes: UNTOLD.typed.length });
  }

  async personKills(): Promise<void> {
    const { row } = this.oldest();
    await this.host.does({ act: 'kill', row });
    this.ends('person');
  }

  async terminates(): Promise<void> {
    const { id, agent } = this.oldest();
    await this.agent(agent).request('process/terminate', { processId: id });
    this.ends('client');
  }

  async writesAFile(agent: string): Promise<void> {
    const file = path.join(this.folder, 'file.txt');
    const [uri, dataBase64] = [pathToFileURL(file).href, Buffer.from(UNTOLD.content).toString('base64')];
    await this.agent(agent).request('fs/writeFile', { path: uri, dataBase64 });
    await this.agent(agent).request('fs/readFile', { path: uri });
    await this.agent(agent).request('fs/remove', { path: uri, recursive: false, force: false });
    for (const kind of ['wrote', 'read', 'removed']) this.note({ kind, path: file, agent });
  }

  async fetches(agent: string): Promise<void> {
    const bodyBase64 = Buffer.from(UNTOLD.content).toString('base64');
    const request = { requestId: 'r', method: 'POST', url: this.web.href, headers: [], bodyBase64 };
    await this.agent(agent).request('http/request', request);
    this.note({ kind: 'fetched', host: this.web.host, method: 'POST', agent });
  }

  /** Somebody without the token. */
  async strangerKnocks(): Promise<void> {
    const { status } = await fetch(new URL('/wrong', this.host.url.replace('ws:', 'http:')));
    this.note({ kind: 'turnedAway', status, times: 1 });
    assert.equal(status, 401);
  }

  async losesItsConnection(agent: string): Promise<void> {
    this.agent(agent).close();
    this.note({ kind: 'disconnected', agent });
    await this.told();
    await this.connect(agent, this.agent(agent).sessionId);
  }

  private async connect(agent: string, resumed?: string): Promise<void> {
    this.agents.set(agent, await Agent.connect(this.host.url, agent, resumed));
    this.note({ kind: 'connected', agent });
  }

  private async start(
    agent: string,
    argv: readonly string[],
    more: object = {},
  ): Promise<{ row: string; id: string }> {
    const row = `p${++this.rows}`;
    const env = { PATH: process.env['PATH'] ?? '', NAME: UNTOLD.value };
    await this.agent(agent).start(row, argv, { env, ...more });
    this.note({ kind: 'ran', agent, row, argv, cwd: '/tmp' });
    return { row, id: row };
  }

  private ends(by: string): void {
    const { row, agent, since } = this.open.shift() ?? assert.fail();
    this.note({
      kind: 'ended',
      row,
      agent,
      state: 'killed',
      exitCode: 137,
      signal: 9,
      by,
      ms: this.now - since,
    });
  }

  private note(line: Line): void {
    this.expected.push({ at: new Date(this.now).toISOString(), ...line });
  }

  private agent(name: string): Agent {
    return this.agents.get(name) ?? assert.fail(name);
  }

  private oldest(): Open {
    return this.open[0] ?? assert.fail('nothing runs');
  }

  /** Once so much is told as was done, it is that. */
  private async told(): Promise<void> {
    const isTold = async (): Promise<boolean> => (await this.lines()).length >= this.expected.length;
    await eventually(isTold, 'all lines').catch(() => undefined);
    assert.deepEqual((await this.lines()).map(plain), this.expected);
  }
}

function plain(happening: Happening): Line {
  const members = Object.entries(happening).filter(([name]) => name !== 'window' && name !== 'peer');
  return { ...Object.fromEntries(members), ...('agent' in happening && { agent: happening.agent.name }) };
}
