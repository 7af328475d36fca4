import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly svg: string };
  readonly completionEvents: readonly string[];
}
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: { readonly execServer: readonly { readonly id: string }[] };
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

describe('the walkthrough', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
  const known = new Set([
    ...contributes.commands.map(({ command }) => command),
    // Each view has one that goes there.
    ...contributes.views.execServer.map(({ id }) => `${id}.focus`),
  ]);

  it('is there', () => assert.equal(contributes.walkthroughs.length, 1));

  for (const { id, description, media, completionEvents } of contributes.walkthroughs[0]?.steps ?? []) {
    it(`${id}: has a picture, and buttons and an end that are commands of this extension`, () => {
      assert.ok(existsSync(media.svg), media.svg);
      const text = texts[description.replaceAll('%', '')] ?? '';
      const buttons = [...text.matchAll(/\]\(command:([^)]+)\)/g)].map(([, command = '']) => command);
      assert.ok(buttons.length > 0, text);
      const ends = completionEvents.map((event) => event.replace(/^onCommand:/, ''));
      for (const command of [...buttons, ...ends]) assert.ok(known.has(command), command);
    });
  }
});
