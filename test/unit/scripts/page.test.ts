import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pageOf } from '../../../scripts/lib/page.mjs';

const README = readFileSync('README.md', 'utf8');
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

describe('the page of the extension', () => {
  it('begins with what it is for, and not with how it is built', () => {
    for (const hasRepository of [false, true]) {
      const page = pageOf(README, hasRepository);
      assert.equal(all(page, /^## (.*)$/gm)[0], 'Connect Codex in 60 seconds');
      assert.doesNotMatch(page, /npm start/);
    }
  });

  it('without a repository has neither a picture nor a link that the page cannot reach', () => {
    const page = pageOf(README, false);
    for (const link of all(page, /\]\(([^)]+)\)/g)) assert.match(link, /^(#|https?:)/);
    assert.doesNotMatch(page, /!\[/);
    assert.match(page, /: docs\/AGENTS\.md/);
  });

  it('with one has them all, for the packer', () => {
    const pictures = all(README, /!\[[^\]]*\]\(([^)]+)\)/g);
    assert.ok(pictures.length >= 2);
    assert.deepEqual(all(pageOf(README, true), /!\[[^\]]*\]\(([^)]+)\)/g), pictures);
  });
});
