import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { codexCommandLine, describeConnection } from '../../../src/agents/connectionDetails';
import {
  ServerLifecycle,
  type ServerState,
  type OpenServer,
  type ServerEvents,
} from '../../../src/editor/server/serverLifecycle';

class FakeServer extends EventEmitter implements OpenServer {
  token = 'T1';
  readonly clients = [];
  closed = false;
  get url(): string {
    return `ws://127.0.0.1:1234/${this.token}`;
  }
  async renewToken(): Promise<void> {
    this.token = 'T2';
  }
  acceptStream(): void {}
  keepClient(): void {}
  async endClient(): Promise<void> {}
  async disconnectClient(): Promise<void> {}
  async close(): Promise<void> {
    this.closed = true;
  }
}

function setUp(listen: () => Promise<OpenServer>, allowed = () => true) {
  const states: ServerState[] = [];
  const lifecycle = new ServerLifecycle({ listen, allowed });
  lifecycle.on('changed', () => states.push(lifecycle.state));
  return { lifecycle, states };
}

describe('the server of a window', () => {
  it('opens once however often it is asked, gives a connection, renews and closes', async () => {
    let listened = 0;
    const server = new FakeServer();
    const { lifecycle, states } = setUp(async () => (listened++, server));
    void lifecycle.start();
    void lifecycle.start();
    assert.equal((await lifecycle.connection()).url, 'ws://127.0.0.1:1234/T1');
    assert.equal(listened, 1);
    await lifecycle.renewToken();
    assert.equal((await lifecycle.connection()).token, 'T2');
    await lifecycle.restart();
    assert.ok(server.closed);
    assert.ok(!states.includes('off'), 'a restart is no stop');
    await lifecycle.stop();
    assert.deepEqual([states[0], states[1], states.at(-1)], ['starting', 'open', 'off']);
    await assert.rejects(lifecycle.connection(), /not running/);
  });

  it('a server that is kept is left with the window, ended by a stop, and missed when it ends by itself', async () => {
    const left: string[] = [];
    const kept = (): OpenServer =>
      Object.assign(new FakeServer(), {
        socket: '/kept.sock',
        close: async () => void left.push('ended'),
        leave: async () => void left.push('left'),
      });
    let events: ServerEvents | undefined;
    const lifecycle = new ServerLifecycle({
      listen: async (told) => ((events = told), kept()),
      allowed: () => true,
    });
    const problems: string[] = [];
    lifecycle.on('gone', (problem) => problems.push(problem));
    await lifecycle.start();
    assert.equal(lifecycle.socket, '/kept.sock');
    await lifecycle.leave();
    assert.deepEqual([left, lifecycle.state], [['left'], 'off']);
    await lifecycle.start();
    await lifecycle.stop();
    assert.deepEqual(left, ['left', 'ended']);
    events?.gone('too late');
    await lifecycle.start();
    events?.gone('it was killed');
    assert.deepEqual([problems, lifecycle.state], [['it was killed'], 'failed']);
  });

  it('an untrusted workspace opens nothing, and trust makes it possible', async () => {
    let trusted = false;
    let listened = 0;
    const { lifecycle } = setUp(
      async () => (listened++, new FakeServer()),
      () => trusted,
    );
    await lifecycle.start();
    assert.deepEqual([lifecycle.state, listened], ['untrusted', 0]);
    trusted = true;
    await lifecycle.start();
    assert.deepEqual([lifecycle.state, listened], ['open', 1]);
  });

  it('a failure is told, and the next try is free', async () => {
    let fails = true;
    const { lifecycle } = setUp(async () => {
      if (fails) throw new Error('in use');
      return new FakeServer();
    });
    await assert.rejects(lifecycle.start(), /in use/);
    assert.equal(lifecycle.state, 'failed');
    fails = false;
    await lifecycle.restart();
    assert.equal(lifecycle.state, 'open');
  });
});

describe('a connection', () => {
  const connection = describeConnection('ws://127.0.0.1:1234/TOKEN', 'TOKEN');

  it('as environments.toml keeps commands from running elsewhere', () => {
    assert.equal(
      connection.environmentsToml,
      [
        'default = "editor"',
        'include_local = false',
        '',
        '[[environments]]',
        'id = "editor"',
        'url = "ws://127.0.0.1:1234"',
        'auth_bearer_token = "TOKEN"',
        '',
      ].join('\n'),
    );
  });

  it('as a command line keeps the token from a proxy, and what is kept from it already', () => {
    const line = (known: string, platform: NodeJS.Platform): string =>
      codexCommandLine(describeConnection('ws://127.0.0.1:1234/TOKEN', 'TOKEN', known), platform);
    assert.equal(
      line('', 'linux'),
      " CODEX_EXEC_SERVER_URL='ws://127.0.0.1:1234/TOKEN' NO_PROXY='127.0.0.1,localhost' codex",
    );
    assert.match(
      line("localhost, .corp.example,it's,[::1]", 'darwin'),
      / NO_PROXY='127\.0\.0\.1,localhost,\.corp\.example,\[::1\]' codex$/,
    );
  });

  it('as a command line for Windows is one of PowerShell', () => {
    assert.equal(
      codexCommandLine(describeConnection('ws://127.0.0.1:1/T', 'T', '.corp.example'), 'win32'),
      "$env:CODEX_EXEC_SERVER_URL='ws://127.0.0.1:1/T'; $env:NO_PROXY='127.0.0.1,localhost,.corp.example'; codex",
    );
  });
});
