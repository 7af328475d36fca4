import assert from 'node:assert/strict';
import {
  decodeSandbox,
  fullWords,
  requestOfPolicy,
  resolvePolicy,
  shortWords,
  wordsOf,
} from '../../../src/sandbox';
import { diskLook, onPath, pattern, policyOf, special, Tree } from './support';

const READ_ALL = special('root', 'read');

describe('words for a sandbox', () => {
  it('are short for a row', async () => {
    await using tree = await Tree.make(['w/.git/x', 's/x']);
    const write = onPath(tree.at('w'), 'write');
    const hidden = onPath(tree.at('s'), 'deny');
    const short = async (...entries: object[]) => shortWords(await policyOf(entries as never));
    assert.equal(await short(READ_ALL), 'read-only · no network');
    assert.equal(await short(READ_ALL, write), 'workspace-write · no network');
    assert.equal(await short(READ_ALL, write, hidden), 'workspace-write, some hidden · no network');
    assert.equal(await short(special('root', 'write')), 'all files · no network');
    assert.equal(await short(special('root', 'write'), hidden), 'all files but some · no network');
    assert.equal(await short(special('minimal', 'read'), write), 'some files · no network');
    assert.equal(await short(special('minimal', 'read')), 'some files, read-only · no network');
    const request = requestOfPolicy({ mode: 'read-only', network: true });
    const online = await resolvePolicy(request, { tmpdir: undefined, platform: 'linux' }, diskLook());
    assert.equal(shortWords(online), 'read-only · network');
  });

  it('are whole for a tooltip', async () => {
    await using tree = await Tree.make(['w/.git/x', 's/x']);
    const policy = await policyOf([
      READ_ALL,
      onPath(tree.at('w'), 'write'),
      onPath(tree.at('s'), 'deny'),
      pattern(tree.at('w/*.env')),
    ]);
    const names = ['.agents', '.aws', '.codex', '.git'].map((name) => tree.at('w', name)).join(', ');
    assert.deepEqual(fullWords(policy), [
      `Writes only in: ${tree.at('w')}`,
      'Reads everything',
      `Cannot change: ${names}`,
      `Cannot read: ${tree.at('s')}, ${tree.at('w/*.env')}`,
      'No network',
    ]);
    const free = decodeSandbox({
      permissions: { type: 'external', network: 'restricted' },
      windowsSandboxLevel: 'disabled',
    });
    const all = await resolvePolicy(free, { tmpdir: undefined, platform: 'linux' }, diskLook());
    assert.deepEqual(fullWords(all), ['Writes everywhere', 'Reads everything', 'No network']);
  });

  it('name a writable folder in another one too', async () => {
    await using tree = await Tree.make(['t/w/']);
    const policy = await policyOf([READ_ALL, onPath(tree.at('t'), 'write'), onPath(tree.at('t/w'), 'write')]);
    assert.equal(fullWords(policy)[0], `Writes only in: ${tree.at('t')}, ${tree.at('t/w')}`);
  });

  it('have parts that can be told in another language', async () => {
    await using tree = await Tree.make(['w/']);
    const policy = await policyOf([special('minimal', 'read'), onPath(tree.at('w'), 'read')]);
    const { writesOnly, readsOnly, readOnly, hidden, network } = wordsOf(policy);
    assert.deepEqual([writesOnly, readOnly, hidden, network], [[], [], [], false]);
    assert.ok(readsOnly?.includes(tree.at('w')) && readsOnly.includes('/usr'));
  });

  it('count what would be too long', async () => {
    const names = Array.from({ length: 15 }, (_, at) => `d${at}/`);
    await using tree = await Tree.make(names);
    const policy = await policyOf([READ_ALL, ...names.map((name) => onPath(tree.at(name), 'deny'))]);
    assert.match(fullWords(policy).join('\n'), /Cannot read: .*, 5 more$/m);
  });
});
