import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import { size } from '../../../scripts/lint/size.mjs';

describe('the rule that a file has 12 KiB at most', () => {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: { plugins: { house: { rules: { size } } }, rules: { 'house/size': 'error' } },
  });

  for (const [bytes, faults] of [
    [12_288, 0],
    [12_289, 1],
  ] as const)
    it(`finds ${faults} faults in ${bytes} bytes`, async () => {
      // Two bytes each, so that characters are not what is counted.
      const text = `//${'ä'.repeat(6143)}`.padEnd(6145 + bytes - 12_288, ' ');
      assert.equal((await eslint.lintText(text))[0]?.messages.length, faults);
    });

  for (const file of ['src/process/types.ts', 'test/unit/scripts/size.test.ts', 'scripts/build.mjs'])
    it(`is one of those for ${file}`, async () => {
      const config = (await new ESLint().calculateConfigForFile(file)) as {
        rules: Record<string, readonly [number]>;
      };
      assert.equal(config.rules['house/size']?.[0], 2);
    });
});
