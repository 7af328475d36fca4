import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import { opening } from '../../../scripts/lint/opening.mjs';

describe('the rule that a docstring stands alone', () => {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: { plugins: { house: { rules: { opening } } }, rules: { 'house/opening': 'error' } },
  });
  const faults = async (comment: string): Promise<number> =>
    (await eslint.lintText(`${comment}\nexport const one = 1;\n`))[0]?.messages.length ?? 0;

  for (const comment of [
    '/** Of a row whose keyboard a person has. */',
    '/** As above, in bytes. */',
    '/** As before. */',
    '/** The same as text. */',
    '/**\n * As the reference reads it.\n */',
    '/*** Of a window. */',
  ])
    it(`refuses ${JSON.stringify(comment)}`, async () => assert.equal(await faults(comment), 1));

  for (const comment of [
    '/** Offers a choice. */',
    '/** Asks for it. */',
    '/** Bytes of a frame, as above. */',
    '// Of what follows.',
    '/* As before. */',
  ])
    it(`lets ${JSON.stringify(comment)} be`, async () => assert.equal(await faults(comment), 0));
});

describe('the lint of the sources', () => {
  it('has the rule that a docstring stands alone', async () => {
    const config = (await new ESLint().calculateConfigForFile('src/process/types.ts')) as {
      rules: Record<string, readonly [number]>;
    };
    assert.equal(config.rules['house/opening']?.[0], 2);
  });
});
