import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plain, plainMarkdown } from '../../../src/editor/text/plain';
import { plainOutput } from '../../../src/editor/text/plainOutput';

/** As the workbench looks for them in notifications and questions, and in labels. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const ICON = /\$\([a-z0-9-]+(?:~[a-z]+)?\)/i;
const BAD =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2061-\u206f\u3164\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])/;

/** Hostile pieces in any order; a removed character must not bring two together that are live as one. */
const words = fc
  .array(
    fc.constantFrom(
      ...[
        '[x',
        ']',
        '(',
        'command:a',
        'https://b.c',
        ')',
        '$',
        'check',
        '~spin',
        '\n',
        '\r',
        '\t',
        ' ',
        '<',
        '>',
      ],
      ...[
        '\u202e',
        '\u200b',
        '\u2060',
        '\ufeff',
        '\x1b',
        '\x9b',
        '\\',
        '!',
        '*',
        '_',
        '`',
        '~',
        '&amp;',
        '@',
        '\ud800',
      ],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('the words of others', () => {
  it('look as they are, and are no link and no icon', () => {
    for (const text of [
      'make -j$(nproc) in $(pwd)',
      '[Repair](command:execServer.start?%7B%7D) it',
      'a](b [c][d]',
    ]) {
      const shown = plain(text);
      assert.doesNotMatch(shown, LINK);
      assert.doesNotMatch(shown, ICON);
      assert.equal(shown.replaceAll('\u2060', ''), text);
    }
  });

  it('whatever they are made of, also a second time', () => {
    fc.assert(
      fc.property(words, (text) => {
        for (const show of [plain, plainMarkdown]) {
          const shown = show(text);
          for (const bad of [LINK, ICON, BAD]) assert.doesNotMatch(shown, bad);
          assert.equal(show(shown), shown);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('are no Markdown where tabs and lists have their tooltips from', () => {
    const live = [
      /!?\[[^\]]*\][([:]/,
      /<(?:https?:|\w+@|\/?[a-z])/i,
      /(?:https?|ftp):\/\//,
      /www\./i,
      /\w@\w/,
      /`/,
      /[*~](?=[^*~\s])/,
      /(?<![a-z0-9])_(?!\ufeff)/i,
      /&\w+;/,
      /\\(?!\u2060)/,
      /^[#>+=|\d-]/,
    ];
    const texts = [
      ...[
        '![x](https://a/b.png)',
        '[x][y]',
        '[x]: y',
        '<https://a.b>',
        'https://a.b',
        'WWW.a.b',
        'a@b.c',
        '`x`',
      ],
      ...[
        '**x**',
        '*x*',
        '_x_',
        '~~x~~',
        '&lt;b&gt;',
        '\\*',
        '# x',
        '> x',
        '- x',
        '+ x',
        '1. x',
        '---',
        '<b>x</b>',
      ],
    ];
    for (const text of texts) {
      const shown = plainMarkdown(text);
      for (const pattern of live) assert.doesNotMatch(shown, pattern, text);
      assert.equal(shown.replace(/[\u2060\ufeff]/g, '').replaceAll('ˋ', '`'), text);
    }
    assert.equal(plainMarkdown('far-box npm_config_x'), 'far-box npm_config_x');
  });

  it('an emoji keeps its look', () => assert.equal(plain('❤️ 🙂'), '❤️ 🙂'));
});

describe('copied output', () => {
  it('is lines of text', () => {
    assert.equal(
      plainOutput('\x1b[31mred\x1b[0m\r\n\x1b]8;;http://x\x1b\\link\x1b]8;;\x07\tä'),
      'red\nlink\tä',
    );
    assert.equal(plainOutput('50 %\r100 %\r\n'), '50 %\n100 %\n');
    assert.equal(plainOutput('a\x9b31mb\x07\b\x00\u202ec'), 'abc');
  });

  it('what is taken out leaves nothing that is live together', () => {
    const piece = fc.constantFrom(
      '\x1b',
      '\x9b',
      '[',
      ']',
      '0',
      'm',
      '201~',
      '\x07',
      '\\',
      'P',
      ';',
      '\x18',
      '\x9c',
      '(',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
        assert.doesNotMatch(plainOutput(parts.join('')), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 2000 },
    );
    assert.equal(plainOutput('\x1b\x1b[0m[201~'), '[201~');
  });
});
