import assert from 'node:assert/strict';
import { refuseNetworkProxy } from '../../../src/server/networkProxy';

describe('network proxies', () => {
  it('refuses a network proxy', () => {
    refuseNetworkProxy({ networkProxy: null });
    refuseNetworkProxy({ enforceManagedNetwork: true });
    refuseNetworkProxy({ sandbox: {}, enforceManagedNetwork: false });
    for (const params of [{ networkProxy: {} }, { sandbox: {}, enforceManagedNetwork: true }])
      assert.throws(() => refuseNetworkProxy(params), { code: -32602, message: /network proxy/ });
  });
});
