import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { programVersion } from '../../../../src/agents/connect/version';

describe('the version of an agent', () => {
  let root = '';
  beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), 'version-')))));
  afterEach(() => rmSync(root, { recursive: true }));

  const put = (path: string, text = ''): string => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const manifest = (of: object): string => JSON.stringify(of);

  it('is that of the package whose program it is, through a link', () => {
    const program = put('lib/agent/bin/agent.js');
    put('lib/agent/package.json', manifest({ version: '1.2.3', bin: { agent: './bin/agent.js' } }));
    symlinkSync(program, join(root, 'agent'));
    assert.equal(programVersion(join(root, 'agent')), '1.2.3');
  });

  it('is not that of a package which is only above it', () => {
    const program = put('bin/agent');
    put('package.json', manifest({ version: '9.9.9', bin: './other' }));
    utimesSync(program, 0, 0);
    assert.equal(programVersion(program), '1970-01-01 00:00');
  });

  for (const [path, version] of [
    ['versions/2.1.332', '2.1.332'],
    ['Cellar/codex/0.171.0-alpha.1/bin/codex', '0.171.0-alpha.1'],
    ['.nvm/versions/node/v20.1.0/agent@1.0.2/agent', '1.0.2'],
  ] as const) {
    it(`is what its path names: ${path}`, () => assert.equal(programVersion(put(path)), version));
  }

  it('is unknown where there is no program', () => {
    assert.equal(programVersion(join(root, 'none')), undefined);
  });
});
