import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quote, readIncoming } from '../../../src/client/incoming';
import { readNotification, readPage } from '../../../src/client/notifications';
import { startParams } from '../../../src/client/startParams';

const read = (value: unknown): unknown => readIncoming(Buffer.from(JSON.stringify(value)));
const output = { processId: 'p', seq: 1, stream: 'pty', chunk: 'YQ==' };

describe('what a client reads', () => {
  it('tells results, errors, notifications and requests apart', () => {
    assert.deepEqual(read({ id: 1, result: null }), { kind: 'result', id: 1, result: null });
    const error = { code: -1, message: 'no', data: {} };
    assert.deepEqual(read({ id: 2, error }), { kind: 'error', id: 2, code: -1, message: 'no' });
    assert.deepEqual(read({ method: 'm', params: [] }), { kind: 'notification', method: 'm', params: [] });
    assert.deepEqual(read({ id: 'x', method: 'm' }), { kind: 'request', id: 'x', method: 'm' });
  });

  it('anything else is no message', () => {
    for (const value of [null, 1, 'x', [], {}, { id: 1 }, { result: 1 }, { id: '1', result: 1 }]) {
      assert.equal(read(value), undefined, JSON.stringify(value));
    }
    for (const error of [null, 'no', {}, { code: '1', message: 'x' }, { code: 1 }]) {
      assert.equal(read({ id: 1, error }), undefined, JSON.stringify(error));
    }
    for (const text of ['', '{', '\u0000', 'Welcome', '{"id":1,"result":']) {
      assert.equal(readIncoming(Buffer.from(text)), undefined, text);
    }
  });

  it('a notification that makes no sense is passed over', () => {
    assert.deepEqual(readNotification('process/output', output), {
      processId: 'p',
      event: { type: 'output', seq: 1, stream: 'pty', chunk: Buffer.from('a') },
    });
    for (const wrong of [
      { processId: 1 },
      { seq: 0 },
      { seq: 1.5 },
      { seq: '1' },
      { stream: 'other' },
      { chunk: 1 },
    ]) {
      assert.equal(readNotification('process/output', { ...output, ...wrong }), undefined);
    }
    assert.equal(readNotification('process/exited', { ...output, exitCode: 'x' }), undefined);
    assert.equal(readNotification('process/other', output), undefined);
  });

  it('nothing that comes throws', () => {
    const params = fc.record(
      {
        processId: fc.oneof(fc.constant('p'), fc.anything()),
        seq: fc.oneof(fc.nat(), fc.anything()),
        stream: fc.oneof(fc.constant('stdout'), fc.anything()),
        chunk: fc.oneof(fc.base64String(), fc.anything()),
        exitCode: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const method = fc.constantFrom('process/output', 'process/exited', 'process/closed', 'x');
    fc.assert(fc.property(method, fc.oneof(params, fc.anything()), (m, p) => void readNotification(m, p)));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readIncoming(Buffer.from(bytes))));
    fc.assert(fc.property(fc.json(), (json) => void readIncoming(Buffer.from(json))));
  });

  it('an answer to a read must be one', () => {
    const page = {
      chunks: [{ seq: 3, stream: 'stdout', chunk: 'YQ==' }],
      nextSeq: 5,
      exited: true,
      closed: 1,
    };
    assert.deepEqual(readPage(page), {
      chunks: [{ seq: 3, stream: 'stdout', chunk: Buffer.from('a') }],
      nextSeq: 5,
      exited: true,
      exitCode: -1,
      closed: false,
      needed: undefined,
    });
    for (const wrong of [
      null,
      [],
      {},
      { chunks: [] },
      { chunks: {}, nextSeq: 1 },
      { chunks: [], nextSeq: -1 },
    ]) {
      assert.throws(() => readPage(wrong), /answer to process\/read makes no sense/);
    }
  });

  it('foreign text is quoted short and plain', () => {
    assert.equal(quote('\u001b[31m a\r\nb\u202e '), '“[31m a b”');
    assert.equal(quote('x'.repeat(500)).length, 123);
  });
});

describe('what a client sends to start a process', () => {
  const cwdOf = (cwd: string): unknown => {
    const params = { processId: 'p', argv: ['x'], cwd, env: {}, tty: false, pipeStdin: false };
    return (startParams(params) as { cwd: unknown }).cwd;
  };

  it('has the folder as a URL, by the form that its machine writes', () => {
    for (const [cwd, uri] of [
      ['/a b', 'file:///a%20b'],
      ['file:///a%20b', 'file:///a%20b'],
      ['C:\\Users\\me', 'file:///C:/Users/me'],
      ['c:/x', 'file:///c:/x'],
      ['\\\\host\\share\\x', 'file://host/share/x'],
    ] as const) {
      assert.equal(cwdOf(cwd), uri);
    }
  });

  it('refuses a folder that is none', () => {
    for (const cwd of ['', 'here', './x', 'C:', 'http://x/', '~']) {
      assert.throws(() => cwdOf(cwd), /^Error: cwd must be an absolute path or a file: URL, got "/);
    }
  });
});
