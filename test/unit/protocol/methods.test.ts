import assert from 'node:assert/strict';
import { appServer, ErrorCode, execServer, RpcError, type Method } from '../../../src/protocol';

const { processes, files, handshake, environment, extensions, http } = execServer;
const start = { processId: 'p', argv: ['true'], cwd: 'file:///', env: {}, tty: false };
const request = { method: 'GET', url: 'http://x/', requestId: 'r' };
const TOO_MANY = 'there are 8193 names; the limit is 8192, in `env`';
const UUID = '6196da6d-d51b-4819-9577-5f95f6720721';

function refusal(method: Method<unknown>, params: unknown): string {
  try {
    method.decode(params);
  } catch (error) {
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, ErrorCode.invalidParams);
    return error.message;
  }
  return 'accepted';
}

describe('params', () => {
  const cases: [Method<unknown>, unknown, string][] = [
    [processes.read, {}, 'missing field `processId`'],
    [processes.read, undefined, 'invalid type: null, expected an object'],
    [processes.read, null, 'invalid type: null, expected an object'],
    [processes.read, { processId: 1 }, 'invalid type: number, expected a string, in `processId`'],
    [processes.read, { processId: 'p', afterSeq: -1 }, 'invalid number, in `afterSeq`'],
    [processes.read, { processId: 'p', waitMs: 1.5 }, 'invalid number, in `waitMs`'],
    [
      processes.read,
      { processId: 'p', maxBytes: '1' },
      'invalid type: string, expected a number, in `maxBytes`',
    ],
    [processes.read, { processId: 'p', maxBytes: null, waitMs: null }, 'accepted'],
    [
      processes.signal,
      { processId: 'p', signal: 'x' },
      'unknown variant `x`, expected `interrupt`, in `signal`',
    ],
    [processes.write, { processId: 'p', chunk: '!', writeId: '1' }, 'Invalid symbol 33, offset 0.'],
    [processes.write, { processId: 'p', chunk: '!', writeId: '' }, 'writeId must not be empty'],
    [processes.start, start, 'accepted'],
    [processes.start, { ...start, more: 1 }, 'accepted'],
    [processes.start, { ...start, argv: ['a', 1] }, 'invalid type: number, expected a string, in `argv[1]`'],
    [processes.start, { ...start, env: { A: 1 } }, 'invalid type: number, expected a string, in `A`'],
    [
      processes.start,
      { ...start, pipeStdin: null },
      'invalid type: null, expected a boolean, in `pipeStdin`',
    ],
    [processes.start, { ...start, envPolicy: {} }, 'missing field `inherit`'],
    [processes.start, { ...start, cwd: '/a' }, 'invalid URI: relative URL without a base'],
    [processes.start, { ...start, metadata: { threadId: 'x' } }, 'invalid UUID, in `metadata.threadId`'],
    [processes.start, { ...start, metadata: { threadId: UUID, toolCallId: 'x' } }, 'accepted'],
    [files.readFile, { path: 'http://x/' }, 'unsupported path URI scheme `http`'],
    [handshake.initialize, { clientName: 'x', resumeSessionId: null }, 'accepted'],
    [handshake.initialize, {}, 'missing field `clientName`'],
    [environment.environmentInfo, undefined, 'accepted'],
    [environment.environmentInfo, {}, 'accepted'],
    [processes.start, { ...start, processId: undefined, sessionId: 's' }, 'missing field `processId`'],
    [processes.start, { ...start, size: null }, 'accepted'],
    [processes.start, { ...start, size: { rows: 0, cols: 1 } }, 'invalid number, in `size.rows`'],
    [processes.start, { ...start, size: { rows: 1 } }, 'missing field `cols`'],
    [processes.terminate, { sessionId: 's' }, 'accepted'],
    [processes.terminate, { sessionId: 1 }, 'invalid type: number, expected a string, in `processId`'],
    [processes.terminate, {}, 'missing field `processId`'],
    [processes.terminate, undefined, 'invalid type: null, expected an object'],
    [processes.terminate, { processId: 'p', mode: null }, 'accepted'],
    [processes.terminate, { processId: 'p', mode: 'force' }, 'accepted'],
    [processes.terminate, { processId: 'p', mode: { graceful: { timeoutMs: 1 } } }, 'accepted'],
    [
      processes.terminate,
      { processId: 'p', mode: 'graceful' },
      'unknown variant `graceful`, expected `force`, in `mode`',
    ],
    [processes.terminate, { processId: 'p', mode: 1 }, 'invalid type: number, expected an object, in `mode`'],
    [processes.terminate, { processId: 'p', mode: {} }, 'missing field `graceful`'],
    [
      processes.terminate,
      { processId: 'p', mode: { graceful: { timeoutMs: -1 } } },
      'invalid number, in `mode.graceful.timeoutMs`',
    ],
    [extensions.wait, { sessionId: 's', timeoutMs: null }, 'accepted'],
    [extensions.wait, { processId: 'p', timeoutMs: -1 }, 'invalid number, in `timeoutMs`'],
    [extensions.resize, { processId: 'p', rows: 65_535, cols: 1 }, 'accepted'],
    [extensions.resize, { processId: 'p', rows: 65_536, cols: 1 }, 'invalid number, in `rows`'],
    [extensions.resize, { processId: 'p', rows: 1, cols: 1.5 }, 'invalid number, in `cols`'],
    [extensions.closeStdin, [], 'invalid type: sequence, expected an object'],
    [http.request, request, 'accepted'],
    [http.request, { ...request, bodyBase64: null, timeoutMs: null }, 'accepted'],
    [http.request, { ...request, headers: null }, 'invalid type: null, expected a sequence, in `headers`'],
    [
      http.request,
      { ...request, redirectPolicy: 'x' },
      'unknown variant `x`, expected `follow` or `stop`, in `redirectPolicy`',
    ],
    [
      http.request,
      { ...request, streamResponse: null },
      'invalid type: null, expected a boolean, in `streamResponse`',
    ],
    [http.request, { ...request, headers: [{ name: 'a' }] }, 'missing field `value`'],
    [http.request, { ...request, bodyBase64: '!' }, 'Invalid symbol 33, offset 0.'],
    [http.request, { ...request, requestId: undefined }, 'missing field `requestId`'],
  ];
  for (const [method, params, expected] of cases) {
    it(`${method.name} ${JSON.stringify(params)}: ${expected}`, () => {
      assert.equal(refusal(method, params), expected);
    });
  }

  it('counts the names of an environment before it looks at them, in each dialect', () => {
    const names = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`N${at}`, '']));
    const tooMany = names(8193);
    assert.equal(refusal(processes.start, { ...start, env: tooMany }), TOO_MANY);
    assert.equal(
      refusal(appServer.processes.spawn, { processHandle: 'h', command: ['a'], cwd: '/', env: tooMany }),
      TOO_MANY,
    );
    assert.equal(Object.keys(processes.start.decode({ ...start, env: names(8192) }).env).length, 8192);
  });

  it('keeps every name of an environment, and takes no list for one', () => {
    const env = JSON.parse('{"constructor":"1","prototype":"2","__proto__":"3","A":""}') as Record<
      string,
      string
    >;
    assert.deepEqual(Object.entries(processes.start.decode({ ...start, env }).env), Object.entries(env));
    for (const wrong of [[], ['a'], 'x', 1])
      assert.match(refusal(processes.start, { ...start, env: wrong }), /expected a map, in `env`$/);
    assert.equal(
      refusal(processes.start, { ...start, env: null }),
      'invalid type: null, expected a map, in `env`',
    );
    assert.equal(refusal(processes.start, { ...start, env: undefined }), 'missing field `env`');
  });

  it('takes a u64 beyond 2^53', () => {
    const params: unknown = JSON.parse('{"processId":"p","afterSeq":18446744073709551615}');
    assert.equal(processes.read.decode(params).afterSeq, Number.MAX_SAFE_INTEGER);
  });

  it('environment methods have no params', () => {
    for (const params of [{ a: 1 }, [], 'x', 1]) {
      assert.match(refusal(environment.environmentStatus, params), /invalid|unknown/, JSON.stringify(params));
    }
  });
});
