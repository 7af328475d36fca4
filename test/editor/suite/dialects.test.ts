import assert from 'node:assert/strict';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, clickAction, isAlive, ready, rowWith } from './support';
import { WireClient } from './wireClient';

type Params = Record<string, unknown>;

/** A client of one dialect, and the process that it starts: a shell with a child. */
interface Dialect {
  readonly name: string;
  /** What the client calls itself, and how its row calls it. */
  readonly client: string;
  readonly introduction: object;
  /** Tells this process from the others. */
  readonly seconds: number;
  start(client: WireClient, argv: string[]): Promise<unknown>;
  readonly output: { readonly method: string; readonly bytes: string };
  /** All that the client is told after a kill by a person, who asks first: 143 is 128 + SIGTERM. */
  readonly end: readonly { readonly method: string; readonly params: Params }[];
}

const env = { PATH: process.env['PATH'] ?? '' };
const DIALECTS: readonly Dialect[] = [
  {
    name: 'exec-server',
    client: 'Codex',
    introduction: { clientName: 'codex-environment', resumeSessionId: null },
    seconds: 3001,
    start: (client, argv) =>
      client.request('process/start', { processId: 'a', argv, cwd: 'file:///tmp', env, tty: false }),
    output: { method: 'process/output', bytes: 'chunk' },
    end: [
      { method: 'process/exited', params: { processId: 'a', seq: 2, exitCode: 143, sandboxDenied: false } },
      { method: 'process/closed', params: { processId: 'a', seq: 3 } },
    ],
  },
  {
    name: 'exec-server v0',
    client: 'Early Agent',
    introduction: { clientName: 'Early Agent' },
    seconds: 3002,
    start: (client, argv) => client.request('command/exec', { argv, cwd: '/tmp', env, tty: false }),
    output: { method: 'command/exec/outputDelta', bytes: 'chunk' },
    end: [{ method: 'command/exec/exited', params: { sessionId: 'session-1', exitCode: 143 } }],
  },
  {
    name: 'app-server',
    client: 'App Agent',
    introduction: {
      clientInfo: { name: 'App Agent', version: '1' },
      capabilities: { experimentalApi: true },
    },
    seconds: 3003,
    start: (client, command) =>
      client.request('process/spawn', {
        processHandle: 'c',
        command,
        cwd: '/tmp',
        timeoutMs: null,
        streamStdoutStderr: true,
      }),
    output: { method: 'process/outputDelta', bytes: 'deltaBase64' },
    end: [
      {
        method: 'process/exited',
        params: {
          processHandle: 'c',
          exitCode: 143,
          outputDrainTimedOut: false,
          stdout: '',
          stdoutCapReached: false,
          stderr: '',
          stderrCapReached: false,
        },
      },
    ],
  },
];

/** One of them on a connection, with the pids of its process and of the child of that. */
class Started {
  private constructor(
    readonly dialect: Dialect,
    readonly client: WireClient,
    readonly pids: readonly number[],
  ) {}

  static async by(dialect: Dialect, client: WireClient): Promise<Started> {
    const { method, bytes } = dialect.output;
    await dialect.start(client, ['/bin/sh', '-c', `sleep ${dialect.seconds} & echo $$ $!; wait`]);
    const told = (): string =>
      client.notifications
        .filter((message) => message.method === method)
        .map(({ params }) => Buffer.from(String(params[bytes]), 'base64').toString())
        .join('');
    const [, ...pids] = await eventually(() => /(\d+) (\d+)\n/.exec(told()) ?? undefined, 'its pids');
    return new Started(dialect, client, pids.map(Number));
  }

  get isAlive(): boolean {
    return this.pids.every(isAlive);
  }

  get label(): string {
    return `sleep ${this.dialect.seconds}`;
  }

  /** What the client has been told, apart from output and the clock of the server. */
  get end(): object[] {
    return this.client.notifications
      .filter(({ method }) => method !== this.dialect.output.method)
      .map(({ method, params }) => ({ method, params }));
  }
}

/** The row above it that is one level up. */
async function parentOf(label: string): Promise<string> {
  const rows = await driver.treeRows();
  const at = rows.findIndex(({ text }) => text.includes(label));
  return rows.slice(0, at).findLast(({ level }) => level === 1)?.text ?? '';
}

const tooltipShows = (label: string, part: string): Promise<true> =>
  eventually(
    async () => (await driver.rowTooltip(label)).includes(part) || undefined,
    `${part} in the tooltip of ${label}`,
  );

describe('processes of all dialects in one tree', () => {
  const clients: WireClient[] = [];
  let started: Started[] = [];

  const connect = async (introduction?: object): Promise<WireClient> => {
    const client = await WireClient.connect((await api.connection()).url, introduction);
    clients.push(client);
    return client;
  };

  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    started = [];
    await cleanUp();
  });

  it('each is below its client and says its dialect; a click on Kill ends it, its child, and no other', async () => {
    for (const dialect of DIALECTS)
      started.push(await Started.by(dialect, await connect(dialect.introduction)));

    for (const { dialect, label } of started) {
      const { text } = await rowWith(label, 'running');
      assert.equal(text.includes(`· ${dialect.name}`), dialect.name !== 'exec-server', text);
      const parent = await parentOf(label);
      assert.ok(parent.startsWith(dialect.client), parent);
      assert.equal(parent.endsWith(`· ${dialect.name}`), dialect.name !== 'exec-server', parent);
      if (dialect.name !== 'exec-server') await tooltipShows(label, `Protocol ${dialect.name}`);
      await tooltipShows(dialect.client, `· ${dialect.name}`);
    }
    await driver.screenshot('dialects');

    for (const [at, { dialect, label }] of started.entries()) {
      assert.ok(started.slice(at).every(({ isAlive: alive }) => alive));
      await clickAction(label, 'Kill');
      await eventually(() => !started[at]?.pids.some(isAlive), 'the process and its child are gone');
      await rowWith(label, 'killed');
      await eventually(() => started[at]?.end.length === dialect.end.length, 'the client is told');
      assert.deepEqual(started[at]?.end, dialect.end);
    }
  });

  it('a client that speaks them all has one row, and each of its processes says how it was started', async () => {
    const client = await connect();
    for (const dialect of DIALECTS) started.push(await Started.by(dialect, client));
    for (const { dialect, label } of started) {
      await rowWith(label, 'running', ...(dialect.name === 'exec-server' ? [] : [`· ${dialect.name}`]));
      assert.ok((await parentOf(label)).startsWith('Codex'), label);
    }
    await tooltipShows('Codex', 'app-server, exec-server v0, exec-server');
    client.close();
    // Those of the exec-server of today live on for a while, waiting for their client.
    await rowWith('sleep 3002', 'killed');
    await rowWith('sleep 3003', 'killed');
    await rowWith('sleep 3001', 'running');
    assert.deepEqual(
      started.map(({ isAlive: alive }) => alive),
      [true, false, false],
    );
  });
});
