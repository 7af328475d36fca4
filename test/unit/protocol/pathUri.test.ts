import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromNativePath, parsePathUri, PathUriError, toNativePath } from '../../../src/protocol';

const unix = (text: string): string | Buffer | undefined => toNativePath(parsePathUri(text), 'linux');
const windows = (text: string): string | Buffer | undefined => toNativePath(parsePathUri(text), 'windows');

describe('path URIs', () => {
  const read: [string, string][] = [
    ['file:///a/b', '/a/b'],
    ['file://localhost/a', '/a'],
    ['file:/a', '/a'],
    ['FILE:///a', '/a'],
    ['file:///', '/'],
    ['file:///a%2Fb', '/a/b'],
    ['file:///a/./b/../c', '/a/c'],
    ['file:///a/', '/a'],
    ['file:///a//', '/a'],
    ['file://///', '/'],
    ['file:///a b/ü', '/a b/ü'],
    ['file:///100%', '/100%'],
    ['file:///C%3A/x', '/C:/x'],
  ];
  for (const [uri, path] of read) {
    it(`${uri} is ${path} on Unix`, () => assert.equal(unix(uri), path));
  }

  it('keeps bytes that are no UTF-8', () => {
    assert.deepEqual(unix('file:///a%FF'), Buffer.from([0x2f, 0x61, 0xff]));
    assert.equal(fromNativePath(Buffer.from([0x2f, 0x61, 0xff]), 'linux'), 'file:///a%FF');
  });

  const refused: [string, RegExp][] = [
    ['', /^invalid URI: relative URL without a base$/],
    ['/a', /^invalid URI: relative URL without a base$/],
    ['a/b', /^invalid URI: relative URL without a base$/],
    ['http://x/a', /^unsupported path URI scheme `http`$/],
    ['file:///a?b', /query/],
    ['file:///a?', /query/],
    ['file:///a#b', /fragment/],
    ['file:///a%00', /NUL/],
  ];
  for (const [uri, message] of refused) {
    it(`${JSON.stringify(uri)} is refused`, () => {
      assert.throws(
        () => parsePathUri(uri),
        (error) => error instanceof PathUriError && message.test(error.message),
      );
    });
  }

  it('names no Unix path with a foreign host or a drive', () => {
    for (const uri of ['file://host/a', 'file:///C:/x', 'file:///c:'])
      assert.equal(unix(uri), undefined, uri);
  });

  const onWindows: [string, string | undefined][] = [
    ['file:///C:/x/y%20z', 'C:\\x\\y z'],
    ['file:///c:', 'c:\\'],
    ['file:///C:/', 'C:\\'],
    ['file:///C:///', 'C:\\'],
    ['file:///C:/x//', 'C:\\x'],
    ['file://server/share//', '\\\\server\\share'],
    ['file:///C|/x', 'C:\\x'],
    ['file://server/share/x', '\\\\server\\share\\x'],
    ['file:///a/b', undefined],
    ['file:///C:/a%5Cb', undefined],
    ['file:///C:/a%2Fb', undefined],
    ['file:///C:/a%FF', undefined],
  ];
  for (const [uri, path] of onWindows) {
    it(`${uri} is ${String(path)} on Windows`, () => assert.equal(windows(uri), path));
  }

  it('writes Windows paths', () => {
    assert.equal(fromNativePath('C:\\x y\\z', 'windows'), 'file:///C:/x%20y/z');
    assert.equal(fromNativePath('\\\\server\\share\\x', 'windows'), 'file://server/share/x');
    assert.equal(fromNativePath('\\\\?\\C:\\x', 'windows'), 'file:///C:/x');
    assert.equal(fromNativePath('\\\\?\\UNC\\server\\share', 'windows'), 'file://server/share');
  });

  it('survives the way there and back, for every name', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((n) => !/^\.\.?$|[/\0\p{Surrogate}]/u.test(n));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const path = `/${names.join('/')}`;
        const uri = fromNativePath(path, 'linux');
        assert.match(uri, /^file:\/\/[!-~]*$/);
        assert.equal(unix(uri), path);
      }),
    );
  });

  it('survives the way there and back, for every byte', () => {
    const bytes = fc.uint8Array({ min: 1, minLength: 1 }).map((b) => Buffer.from(b).toString('latin1'));
    const name = bytes.map((b) => b.replaceAll('/', '_')).filter((b) => !/^\.\.?$/.test(b));
    fc.assert(
      fc.property(name, (text) => {
        const path = Buffer.from(`/${text}`, 'latin1');
        const back = unix(fromNativePath(path, 'linux'));
        assert.deepEqual(Buffer.from(back ?? ''), path);
      }),
    );
  });

  it('are bounded, and read in linear time whatever is in them', () => {
    const limit = 262_144;
    const fill = (part: string) => `file:///C:/${part.repeat(limit)}`.slice(0, limit - 2);
    for (const part of ['/', '\\', './', '../', 'a/../', '%5', '%41', '%2F', 'ü', ' ', '%FF', '//a']) {
      const uris = [fill(part), `${fill(part)}/a`, `${fill(part).replace('C:', 'x')}/a`];
      const begun = process.cpuUsage();
      for (const uri of uris) {
        for (const read of [unix, windows]) {
          const path = read(uri);
          for (const platform of ['linux', 'windows'] as const) {
            if (path !== undefined) fromNativePath(path, platform);
          }
        }
      }
      const { user, system } = process.cpuUsage(begun);
      assert.ok((user + system) / 1000 < 2000, part);
    }
    assert.throws(() => parsePathUri(`file:///${'a'.repeat(limit)}`), {
      message: `path URI has ${limit + 8} characters; the limit is ${limit}`,
    });
  });

  it('never fails otherwise', () => {
    fc.assert(
      fc.property(
        fc.webUrl().map((url) => url.replace(/^https?/, 'file')),
        (text) => {
          try {
            unix(text);
            windows(text);
          } catch (error) {
            assert.ok(error instanceof PathUriError);
          }
        },
      ),
    );
  });
});
