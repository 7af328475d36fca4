import assert from 'node:assert/strict';
import { closeAll, execClient, serve, TestClient } from './serve';

const clientInfo = { name: 'app', version: '1' };

describe('the choice of the dialect', () => {
  afterEach(closeAll);

  it('follows clientName where both are given', async () => {
    const client = await TestClient.open((await serve()).server);
    const { result } = await client.call('initialize', { clientName: 'x', clientInfo });
    assert.equal(typeof result?.['sessionId'], 'string');
  });

  it('is open until an initialize succeeds', async () => {
    const client = await TestClient.open((await serve()).server);
    assert.equal((await client.call('initialize', { clientInfo: {} })).error?.code, -32600);
    assert.equal((await client.call('initialize', {})).error?.code, -32602);
    const { result } = await client.call('initialize', { clientInfo });
    assert.equal(typeof result?.['userAgent'], 'string');
  });

  it('is final', async () => {
    const client = await execClient((await serve()).server);
    const { error } = await client.call('initialize', { clientInfo });
    assert.equal(error?.code, -32602);
    const { result } = await client.call('environment/status', {});
    assert.deepEqual(result, { status: 'ready' });
  });
});
