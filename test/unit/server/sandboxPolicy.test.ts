import assert from 'node:assert/strict';
import { refuseNetworkProxy, refuseSandbox } from '../../../src/server/sandboxPolicy';

describe('the sandbox policy', () => {
  it('lets pass what asks for no restriction', () => {
    for (const sandbox of [
      undefined,
      null,
      ...['disabled', 'external'].map((type) => ({ permissions: { type } })),
    ])
      refuseSandbox(sandbox, 'process/start');
  });

  it('refuses everything else, and says what to do', () => {
    const sandboxes = [
      { permissions: { type: 'managed' } },
      { permissions: { type: 'Disabled' } },
      { permissions: 'disabled' },
      { permissions: null },
      { type: 'disabled' },
      {},
      [],
      '',
      false,
      0,
    ];
    for (const sandbox of sandboxes) {
      assert.throws(
        () => refuseSandbox(sandbox, 'fs/writeFile'),
        { code: -32602, message: /^fs\/writeFile was refused and nothing was run.*-s danger-full-access/ },
        JSON.stringify(sandbox),
      );
    }
  });

  it('refuses a network proxy', () => {
    refuseNetworkProxy(null);
    refuseNetworkProxy(undefined);
    assert.throws(() => refuseNetworkProxy({}), { code: -32602, message: /network proxy/ });
  });
});
