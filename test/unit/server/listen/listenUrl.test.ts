import assert from 'node:assert/strict';
import { parseListenUrl } from '../../../../src/server';

describe('--listen URLs', () => {
  it('takes IP literals with a port', () => {
    assert.deepEqual(parseListenUrl('ws://127.0.0.1:0'), { host: '127.0.0.1', port: 0 });
    assert.deepEqual(parseListenUrl('ws://[::1]:65535'), { host: '::1', port: 65535 });
  });

  for (const url of ['stdio', 'stdio://']) {
    it(`${url} is no URL to listen on`, () => assert.equal(parseListenUrl(url), 'stdio'));
  }

  for (const url of [
    'ws://localhost:0',
    'ws://127.0.0.1:0/x',
    'ws://127.0.0.1',
    'ws://::1:1',
    'ws://[127.0.0.1]:1',
    'ws://127.0.0.1:65536',
    'ws://1.2.3:4',
    'ws://',
  ]) {
    it(`${url} is invalid`, () => {
      assert.throws(() => parseListenUrl(url), {
        message: `invalid websocket --listen URL \`${url}\`; expected \`ws://IP:PORT\``,
      });
    });
  }

  for (const url of ['wss://127.0.0.1:0', 'http://127.0.0.1:0', '127.0.0.1:0', 'stdio:', 'STDIO', '']) {
    it(`${url} is not supported`, () => {
      assert.throws(() => parseListenUrl(url), {
        message: `unsupported --listen URL \`${url}\`; expected \`ws://IP:PORT\` or \`stdio\``,
      });
    });
  }
});
