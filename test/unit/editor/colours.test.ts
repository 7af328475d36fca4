import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_ICONS } from '../../../src/editor/environments/describe';
import { STATUS_ICONS } from '../../../src/editor/tree/rowIcons';

interface Colour {
  readonly id: string;
  readonly defaults: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as {
  contributes: { colors: Colour[] };
};
const { colors } = manifest.contributes;

/** What rows lie on in the editor's own themes: side bars, and the row under the mouse. */
const BEHIND = {
  dark: ['#181818', '#252526', '#2a2d2e', '#37373d'],
  light: ['#f8f8f8', '#f3f3f3', '#ffffff', '#e8e8e8'],
};

/** Relative luminance, as WCAG 2 has it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('colours of icons', () => {
  for (const { id, defaults } of colors) {
    for (const theme of ['dark', 'light'] as const) {
      it(`${id} has a contrast of 3 or more in ${theme} themes`, () => {
        for (const behind of BEHIND[theme]) {
          const found = contrast(defaults[theme] ?? '', behind);
          assert.ok(found >= 3, `${found.toFixed(2)} on ${behind}`);
        }
      });
    }
  }

  it('are all of these, or that of the text', () => {
    const known = new Set(colors.map(({ id }) => id));
    for (const [, colour] of [...Object.values(STATUS_ICONS), ...Object.values(STATE_ICONS)])
      assert.ok(colour === undefined || known.has(colour), colour);
  });
});
