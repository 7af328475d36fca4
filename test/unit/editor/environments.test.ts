import assert from 'node:assert/strict';
import { addressOf } from '../../../src/editor/environments/address';
import { splitCommand } from '../../../src/editor/environments/commandLine';
import {
  environmentDescription,
  formatLatency,
  STATE_ICONS,
  type EnvironmentViewModel,
  type EnvironmentWords,
} from '../../../src/editor/environments/describe';
import { idFault, readEntries, readUrl } from '../../../src/hub';

const TOKEN = 'A'.repeat(42) + '_';

describe('the setting of environments', () => {
  const faultOf = (entry: unknown): unknown => readEntries([entry]).faulty[0]?.fault;

  it('takes URLs and programs as they are', () => {
    const entries = [
      { id: 'box', url: 'ws://127.0.0.1:8765' },
      { id: 'build', program: 'ssh', args: ['b', 'exec-server'], env: { A: '1' }, cwd: '/tmp' },
    ];
    assert.deepEqual(readEntries(entries), { good: entries, faulty: [] });
  });

  it('names each entry that can not be used, and takes the others', () => {
    const { good, faulty } = readEntries([
      { id: 'a', url: 'http://x' },
      { id: 'b', url: 'ws://x' },
      { id: 'b', url: 'ws://y' },
      'nonsense',
      { id: 'c', program: 'p' },
    ]);
    assert.deepEqual(good, [
      { id: 'b', url: 'ws://x' },
      { id: 'c', program: 'p' },
    ]);
    assert.deepEqual(faulty, [
      { name: 'a', fault: { kind: 'url', url: 'scheme' } },
      { name: 'b', fault: { kind: 'duplicate' } },
      { name: '#4', fault: { kind: 'object' } },
    ]);
  });

  const cases: [entry: unknown, fault: object][] = [
    [{ url: 'ws://x' }, { kind: 'id' }],
    [{ id: 'a b', url: 'ws://x' }, { kind: 'id' }],
    [{ id: 'local', url: 'ws://x' }, { kind: 'local' }],
    [{ id: 'a' }, { kind: 'neither' }],
    [{ id: 'a', url: 'ws://x', program: 'p' }, { kind: 'both' }],
    [
      { id: 'a', url: 'ws://x', token: 't' },
      { kind: 'unknown', member: 'token' },
    ],
    [
      { id: 'a', url: 7 },
      { kind: 'member', member: 'url' },
    ],
    [
      { id: 'a', url: 'ws://me:secret@x' },
      { kind: 'url', url: 'login' },
    ],
    [
      { id: 'a', url: `ws://127.0.0.1:1/${TOKEN}` },
      { kind: 'url', url: 'token' },
    ],
    [
      { id: 'a', program: '' },
      { kind: 'member', member: 'program' },
    ],
    [
      { id: 'a', program: 'p', args: 'x' },
      { kind: 'member', member: 'args' },
    ],
    [
      { id: 'a', program: 'p', args: ['x\0y'] },
      { kind: 'member', member: 'args' },
    ],
    [
      { id: 'a', program: 'p', env: { A: 1 } },
      { kind: 'member', member: 'env' },
    ],
    [
      { id: 'a', program: 'p', cwd: 1 },
      { kind: 'member', member: 'cwd' },
    ],
  ];
  for (const [entry, fault] of cases) {
    it(JSON.stringify(entry), () => assert.deepEqual(faultOf(entry), fault));
  }

  it('is a list, and not an endless one', () => {
    assert.deepEqual(readEntries({ box: 'ws://x' }).faulty, [{ name: '', fault: { kind: 'list' } }]);
    const many = Array.from({ length: 65 }, (_, n) => ({ id: `e${n}`, url: 'ws://x' }));
    assert.deepEqual(readEntries(many).faulty, [{ name: '#65', fault: { kind: 'many' } }]);
  });

  it('a name is free or not', () => {
    assert.equal(idFault('box', ['other']), undefined);
    assert.deepEqual(idFault('box', ['box']), { kind: 'duplicate' });
  });
});

describe('a typed URL', () => {
  it('loses the token that is its path, and nothing else', () => {
    assert.deepEqual(readUrl(` ws://127.0.0.1:1/${TOKEN} `), {
      ok: true,
      url: 'ws://127.0.0.1:1',
      token: TOKEN,
    });
    assert.deepEqual(readUrl('wss://host/path?x=1'), { ok: true, url: 'wss://host/path?x=1' });
    assert.deepEqual(readUrl('ws://[::1]:9/'), { ok: true, url: 'ws://[::1]:9' });
  });

  it('is shown without what may be a secret', () => {
    assert.equal(addressOf({ id: 'a', url: 'wss://host/path?key=secret' }), 'wss://host/path');
    assert.equal(addressOf({ id: 'a', url: 'ws://127.0.0.1:1' }), 'ws://127.0.0.1:1');
    assert.equal(addressOf({ id: 'a', program: 'ssh', args: ['my box'] }), "ssh 'my box'");
  });

  it('is refused with the reason', () => {
    assert.deepEqual(readUrl('box:8765'), { ok: false, fault: 'scheme' });
    assert.deepEqual(readUrl('somewhere'), { ok: false, fault: 'syntax' });
    assert.deepEqual(readUrl('ws://u@h'), { ok: false, fault: 'login' });
  });
});

describe('a typed command line', () => {
  const cases: [line: string, words: string[] | undefined][] = [
    ['ssh box exec-server --listen stdio://', ['ssh', 'box', 'exec-server', '--listen', 'stdio://']],
    [`  a  "b c" 'd "e"' f\\ g "" `, ['a', 'b c', 'd "e"', 'f g', '']],
    [`x'y z'"w"`, ['xy zw']],
    ['C:\\bin\\ssh.exe box', ['C:\\bin\\ssh.exe', 'box']],
    ['"C:\\Program Files\\x.exe" -v', ['C:\\Program Files\\x.exe', '-v']],
    ['', []],
    ['a "b', undefined],
  ];
  for (const [line, words] of cases) it(line || 'nothing', () => assert.deepEqual(splitCommand(line), words));
});

describe('a row of the environments', () => {
  const WORDS: EnvironmentWords = {
    state: {
      disconnected: 'not connected',
      connecting: 'connecting',
      connected: 'connected',
      reconnecting: 'reconnecting',
      lost: 'lost',
    },
    running: (count) => `${count} running`,
  };
  const MODEL: EnvironmentViewModel = {
    kind: 'url',
    state: 'connected',
    latencyMs: 12.4,
    shell: 'bash',
    os: 'linux',
    running: 2,
  };

  it('says how it stands and what it is, and nothing that each measuring changes', () => {
    assert.equal(environmentDescription(MODEL, WORDS), 'connected · 2 running · bash · linux');
    assert.equal(environmentDescription({ ...MODEL, state: 'lost', running: 0 }, WORDS), 'lost');
    const local = { ...MODEL, kind: 'local', latencyMs: undefined } as const;
    assert.equal(environmentDescription(local, WORDS), '2 running · bash · linux');
  });

  it('writes times of any size', () => {
    assert.deepEqual([0.42, 9.96, 12.4, 2400].map(formatLatency), ['0.4 ms', '10.0 ms', '12 ms', '2 s']);
  });

  it('has another icon for each state', () => {
    const icons = Object.values(STATE_ICONS).map(([icon]) => icon);
    assert.equal(new Set(icons).size, icons.length);
  });
});
