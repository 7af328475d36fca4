import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  findWindow,
  NoWindowError,
  ServerOffError,
  sweepRecords,
  tellOff,
} from '../../../../src/agents/discovery';
import { Desk } from './support';

const NOBODY = 65_534;

describe('findWindow', () => {
  let desk: Desk;
  beforeEach(() => (desk = new Desk()));
  afterEach(() => desk.clear());

  const socketFor = (cwd: string): string => findWindow(cwd, desk.windows).socket;
  const records = (): string[] => readdirSync(desk.windows).filter((name) => name.endsWith('.json'));

  it('takes the longest folder that holds the working directory, and the window opened last', async () => {
    const [outer, inner] = [desk.folder('a'), desk.folder('a/b')];
    const first = await desk.window([outer]);
    const second = await desk.window([inner, desk.folder('z')]);
    assert.equal(socketFor(outer), first.socket);
    assert.equal(socketFor(desk.folder('a/bc')), first.socket, 'a name that only begins alike');
    assert.equal(socketFor(inner), second.socket);
    assert.equal(socketFor(desk.folder('a/b/c')), second.socket);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const third = await desk.window([inner]);
    assert.equal(socketFor(inner), third.socket);
    await third.close();
    assert.equal(socketFor(inner), second.socket);
  });

  it('says that the server of a window is off where no other has the folder', async () => {
    const [outer, inner] = [desk.folder('a'), desk.folder('a/b')];
    const first = await desk.window([outer]);
    const second = await desk.window([inner]);
    await second.close();
    const { windows } = desk;
    const off = tellOff(second.socket, { kind: 'window', name: 'Editor', folders: [inner], windows });
    assert.deepEqual(
      readdirSync(windows).filter((name) => name.endsWith('.folders')).length,
      1,
      'agents show their commands to nobody there',
    );
    assert.equal(socketFor(inner), first.socket);
    await first.close();
    assert.throws(() => socketFor(inner), ServerOffError);
    assert.throws(
      () => socketFor(outer),
      (error: Error) => error instanceof NoWindowError && !(error instanceof ServerOffError),
    );
    off.removeNow();
    assert.deepEqual(readdirSync(windows), []);
  });

  it('follows links, in the workspace and in the working directory', async () => {
    const real = desk.folder('real/deep');
    symlinkSync(join(desk.root, 'real'), join(desk.root, 'link'));
    const window = await desk.window([join(desk.root, 'link')]);
    assert.equal(socketFor(real), window.socket);
    assert.equal(socketFor(join(desk.root, 'link/deep')), window.socket);
  });

  it('says which folder has no window, how to go on, and what is open', async () => {
    assert.throws(() => socketFor('/nowhere'), NoWindowError);
    await desk.window([desk.folder('a')]);
    assert.throws(
      () => socketFor('/nowhere'),
      (error: Error) =>
        error.message.includes('for /nowhere') &&
        error.message.includes('--workspace') &&
        error.message.includes(`Open now: ${desk.folder('a')}`),
    );
  });

  it('follows a workspace whose folders change', async () => {
    const window = await desk.window([desk.folder('a')]);
    window.update([desk.folder('b')]);
    assert.equal(socketFor(desk.folder('b')), window.socket);
    assert.throws(() => socketFor(desk.folder('a')), NoWindowError);
  });

  it('keeps records from others, and removes them with their sockets', async () => {
    const window = await desk.window([desk.folder('a')]);
    assert.equal(statSync(desk.windows).mode & 0o777, 0o700);
    for (const name of readdirSync(desk.windows).filter((file) => !file.endsWith('.sock'))) {
      assert.equal(statSync(join(desk.windows, name)).mode & 0o777, 0o600, name);
    }
    await window.close();
    assert.deepEqual(readdirSync(desk.windows), []);
  });

  for (const [what, path, spoil] of [
    ['a folder that others may write', '.', (path: string) => chmodSync(path, 0o777)],
    ['a folder of another user', '.', (path: string) => chownSync(path, NOBODY, NOBODY)],
    ['a record that others may write', 'record', (path: string) => chmodSync(path, 0o666)],
    ['a record of another user', 'record', (path: string) => chownSync(path, NOBODY, NOBODY)],
  ] as const) {
    it(`does not believe ${what}, and says which`, async function () {
      if (process.platform === 'win32' || (what.endsWith('user') && process.getuid?.() !== 0)) this.skip();
      const folder = desk.folder('a');
      await desk.window([folder]);
      assert.ok(socketFor(folder));
      const spoiled = path === 'record' ? join(desk.windows, records()[0] ?? '') : desk.windows;
      spoil(spoiled);
      assert.throws(
        () => socketFor(folder),
        (error: Error) => error.message.endsWith(`another user can have written it: ${spoiled}.`),
      );
    });
  }

  it('no window announces itself in a folder of another user; one that others may read is closed to them', async function () {
    if (process.getuid?.() !== 0) this.skip();
    mkdirSync(desk.windows, { mode: 0o777 });
    chownSync(desk.windows, NOBODY, NOBODY);
    await assert.rejects(desk.window([desk.folder('a')]), /windows belongs to somebody else/);
    assert.deepEqual(readdirSync(desk.windows), []);
    chownSync(desk.windows, 0, 0);
    chmodSync(desk.windows, 0o777);
    await desk.window([desk.folder('a')]);
    assert.equal(statSync(desk.windows).mode & 0o777, 0o700);
  });

  it('passes over the dead, a pid that lives again as something else, and what is no record; sweeps them', async () => {
    const { pid: dead } = spawnSync('true');
    await desk.window([desk.folder('a')]);
    const [name = ''] = records();
    const record = JSON.parse(readFileSync(join(desk.windows, name), 'utf8')) as object;
    const put = (file: string, changes: object): void => {
      writeFileSync(join(desk.windows, `${file}.json`), JSON.stringify({ ...record, ...changes }));
      writeFileSync(join(desk.windows, `${file}.folders`), '1\n');
    };
    const socket = join(desk.windows, 'old.sock');
    writeFileSync(socket, '');
    const folders = [desk.folder('b')];
    put('dead', { pid: dead, folders, socket });
    put('another', { start: 1, folders, socket: join(desk.windows, 'another.sock') });
    put('elsewhere', { scope: 'another machine', folders });
    writeFileSync(join(desk.windows, 'junk.json'), '{"version":1');
    assert.throws(() => socketFor(desk.folder('b')), NoWindowError);
    sweepRecords(desk.windows);
    assert.deepEqual(records().sort(), [name, 'elsewhere.json', 'junk.json'].sort());
    assert.equal(existsSync(socket), false);
    assert.equal(existsSync(join(desk.windows, 'dead.folders')), false);
    assert.ok(socketFor(desk.folder('a')));
  });

  it('finds a window among thousands of other files, pipes that nobody writes into and very large ones', async () => {
    const folder = desk.folder('a');
    const window = await desk.window([folder]);
    if (process.platform !== 'win32') spawnSync('mkfifo', [join(desk.windows, '0.json')]);
    writeFileSync(join(desk.windows, '0.1.json'), '');
    truncateSync(join(desk.windows, '0.1.json'), 2 ** 30);
    // Before those of processes, as they are listed.
    const others = Array.from({ length: 3000 }, (_, index) => join(desk.windows, `0x${index}.json`));
    for (const name of others) writeFileSync(name, '{');
    const peak = process.resourceUsage().maxRSS;
    assert.equal(socketFor(folder), window.socket);
    const listed = readdirSync(desk.windows).length;
    sweepRecords(desk.windows);
    assert.equal(readdirSync(desk.windows).length, listed);
    assert.ok(process.resourceUsage().maxRSS - peak < 500_000, 'the large one is not read');
    // So much is looked at in one turn.
    for (const name of others) utimesSync(name, 0, 0);
    sweepRecords(desk.windows);
    const gone = listed - readdirSync(desk.windows).length;
    assert.ok(gone > 0 && gone <= 256, String(gone));
  });
});
