import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createDirectory } from '../../../src/files';
import { EXISTS, NO_FOLLOW, NOT_A_DIRECTORY, NOT_FOUND, refused, useTempDirectory } from './support';

describe('files: createDirectory', () => {
  const at = useTempDirectory();
  const flat = { recursive: false };

  it('makes parents and accepts what is there, unless told otherwise', async () => {
    await createDirectory(at('a', 'b', 'c'));
    await createDirectory(at('a', 'b', 'c'));
    await createDirectory('/');
    assert.ok(statSync(at('a', 'b', 'c')).isDirectory());
    await refused(createDirectory(at('a'), flat), ...EXISTS);
    await refused(createDirectory(at('x', 'y'), flat), ...NOT_FOUND);
    await createDirectory(at('x'), flat);
  });

  it('serves many at once', async () => {
    await Promise.all(Array.from({ length: 30 }, () => createDirectory(at('p', 'q', 'r', 's'))));
  });

  it('takes a link to a directory, but neither files nor dangling links', async () => {
    mkdirSync(at('directory'));
    writeFileSync(at('file'), '');
    symlinkSync('directory', at('link'));
    symlinkSync('nowhere', at('dangling'));
    await createDirectory(at('link'));
    await createDirectory(at('link', 'new'));
    await refused(createDirectory(at('file')), ...EXISTS);
    await refused(createDirectory(at('dangling')), ...EXISTS);
    await refused(createDirectory(at('file', 'below')), ...NOT_A_DIRECTORY);
  });

  it('follows no link if so asked', async () => {
    mkdirSync(at('directory'));
    symlinkSync('directory', at('link'));
    await createDirectory(at('directory', 'x', 'y'), NO_FOLLOW);
    await createDirectory(at('directory', 'x', 'y'), NO_FOLLOW);
    assert.ok(statSync(at('directory', 'x', 'y')).isDirectory());
    await refused(createDirectory(at('link'), NO_FOLLOW), ...NOT_A_DIRECTORY);
    await refused(createDirectory(at('link', 'new'), NO_FOLLOW), ...NOT_A_DIRECTORY);
    await refused(createDirectory(at('link'), { ...flat, ...NO_FOLLOW }), ...EXISTS);
    await refused(createDirectory(at('no', 'way'), { ...flat, ...NO_FOLLOW }), ...NOT_FOUND);
  });
});
