import assert from 'node:assert/strict';
import { both } from './cases.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The families that have no other methods; the others' are in params.test.ts. */
const FAMILIES: [string, string][] = [
  ['environment info', 'environment/info'],
  ['environment status', 'environment/status'],
];

describe('the handshake', () => {
  both('sessions: initialize gives a random UUID, another for every connection', async (t) => {
    const ids = [(await t.session()).id, (await t.session()).id];
    for (const id of ids) assert.match(id, UUID);
    assert.notEqual(ids[0], ids[1]);
  });

  both('sessions: the environmentInfo in it is what environment/info returns', async (t) => {
    const { client, initialized } = await t.session();
    assert.deepEqual(await client.call('environment/info'), initialized['environmentInfo']);
  });

  both('sessions: the params of the Codex client are accepted', async (t) => {
    const client = await t.connect();
    assert.ok(await client.call('initialize', { clientName: 'codex-environment', resumeSessionId: null }));
  });

  both('sessions: initialize without clientName is -32602 and may be repeated', async (t) => {
    const client = await t.connect();
    for (const params of [undefined, {}, { clientName: 7 }, { clientName: null }])
      assert.equal((await client.fails('initialize', params)).code, -32602);
    assert.equal(
      (await client.fails('initialize', { clientName: 'x', resumeSessionId: 'nope' })).code,
      -32600,
    );
    assert.ok(await client.call('initialize', { clientName: 'x' }));
  });

  both('sessions: a second initialize is -32600 and leaves the session as it is', async (t) => {
    const { client } = await t.session();
    const error = await client.fails('initialize', { clientName: 'x' });
    assert.deepEqual(error, { code: -32600, message: 'initialize may only be sent once per connection' });
    assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
  });

  both('sessions: the params of initialized are ignored, and it may be repeated', async (t) => {
    const client = await t.connect();
    await client.call('initialize', { clientName: 'x' });
    for (const params of [undefined, null, 7, { a: 1 }]) client.notify('initialized', params);
    assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
  });

  both('sessions: initialized as a request is unknown and has no effect', async (t) => {
    const client = await t.connect();
    await client.call('initialize', { clientName: 'x' });
    assert.equal((await client.fails('initialized')).code, -32601);
    assert.match((await client.fails('environment/status')).message, /must send initialized/);
  });

  both('sessions: everything may be sent in one burst', async (t) => {
    const client = await t.connect();
    const first = client.post('initialize', { clientName: 'x' });
    client.notify('initialized');
    const last = client.post('environment/status');
    assert.match(String((await client.settle(first))['sessionId']), UUID);
    assert.deepEqual(await client.settle(last), { status: 'ready' });
  });

  for (const [family, method] of FAMILIES) {
    both(`sessions: ${method} is refused before initialize and before initialized`, async (t) => {
      const client = await t.connect();
      assert.deepEqual(await client.fails(method), {
        code: -32600,
        message: `client must call initialize before using ${family} methods`,
      });
      await client.call('initialize', { clientName: 'x' });
      assert.deepEqual(await client.fails(method), {
        code: -32600,
        message: `client must send initialized before using ${family} methods`,
      });
    });
  }
});
