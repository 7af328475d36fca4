import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describeConnection, environmentLine } from '../../../src/agents/connection';
import { Door, type DoorState, type OpenServer } from '../../../src/editor/server/door';

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
  async close(): Promise<void> {
    this.closed = true;
  }
}

function setUp(listen: () => Promise<OpenServer>, allowed = () => true) {
  const states: DoorState[] = [];
  const door = new Door({ listen, allowed });
  door.on('changed', () => states.push(door.state));
  return { door, states };
}

describe('the door', () => {
  it('opens once however often it is asked, gives a connection, renews and closes', async () => {
    let listened = 0;
    const server = new FakeServer();
    const { door, states } = setUp(async () => (listened++, server));
    void door.start();
    void door.start();
    assert.equal((await door.connection()).url, 'ws://127.0.0.1:1234/T1');
    assert.equal(listened, 1);
    await door.renewToken();
    assert.equal((await door.connection()).token, 'T2');
    await door.stop();
    assert.ok(server.closed);
    assert.deepEqual([states[0], states[1], states.at(-1)], ['starting', 'open', 'off']);
    await assert.rejects(door.connection(), /not running/);
  });

  it('an untrusted workspace opens nothing, and trust makes it possible', async () => {
    let trusted = false;
    let listened = 0;
    const { door } = setUp(
      async () => (listened++, new FakeServer()),
      () => trusted,
    );
    await door.start();
    assert.deepEqual([door.state, listened], ['untrusted', 0]);
    trusted = true;
    await door.start();
    assert.deepEqual([door.state, listened], ['open', 1]);
  });

  it('a failure is told, and the next try is free', async () => {
    let fails = true;
    const { door } = setUp(async () => {
      if (fails) throw new Error('in use');
      return new FakeServer();
    });
    await assert.rejects(door.start(), /in use/);
    assert.equal(door.state, 'failed');
    fails = false;
    await door.restart();
    assert.equal(door.state, 'open');
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

  it('as a line for a shell keeps the token from a proxy', () => {
    assert.equal(
      environmentLine(connection),
      "CODEX_EXEC_SERVER_URL='ws://127.0.0.1:1234/TOKEN' NO_PROXY=127.0.0.1,localhost",
    );
  });
});
