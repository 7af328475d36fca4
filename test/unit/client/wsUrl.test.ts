import assert from 'node:assert/strict';
import { ConnectError } from '../../../src/client/errors';
import { parseWsUrl } from '../../../src/client/wsUrl';

describe('the URL of an exec-server', () => {
  it('is shown without its path and its query, which may be secrets', () => {
    for (const [text, href, masked] of [
      ['ws://box:1', 'ws://box:1/', 'ws://box:1'],
      ['wss://box/', 'wss://box/', 'wss://box'],
      [' ws://box:1/secret\n', 'ws://box:1/secret', 'ws://box:1/…'],
      ['wss://box/?token=secret', 'wss://box/?token=secret', 'wss://box/…'],
      ['ws://box:1/secret#part', 'ws://box:1/secret', 'ws://box:1/…'],
      ['ws://box:1/#part', 'ws://box:1/', 'ws://box:1'],
    ] as const) {
      const url = parseWsUrl(text);
      assert.deepEqual([url.href, url.masked], [href, masked], text);
    }
  });

  it('keeps secrets where nobody on the way can read them', () => {
    for (const text of [
      'wss://box',
      'ws://localhost:1',
      'ws://127.0.0.1',
      'ws://127.9.9.9:1/x',
      'ws://[::1]:1',
    ])
      assert.equal(parseWsUrl(text).keepsSecrets, true, text);
    for (const text of [
      'ws://box',
      'ws://10.0.0.1',
      'ws://localhost.box',
      'ws://127.0.0.1.box',
      'ws://[::2]',
    ])
      assert.equal(parseWsUrl(text).keepsSecrets, false, text);
  });

  it('is refused in words that do not repeat it, and not tried again', () => {
    for (const [text, words] of [
      ['', /is not valid; write ws:/],
      ['secret', /is not valid/],
      ['http://box/secret', /begins with ws:\/\/ or wss:\/\/, not with http:\/\/$/],
      ['ws://secret@box', /must not hold a user name or password/],
      ['ws://:secret@box', /must not hold a user name or password/],
    ] as const) {
      assert.throws(
        () => parseWsUrl(text),
        (error: unknown) => {
          assert.ok(error instanceof ConnectError);
          assert.match(error.message, words);
          assert.doesNotMatch(error.message, /secret/);
          assert.equal(error.isFinal, true);
          return true;
        },
        text,
      );
    }
  });
});
