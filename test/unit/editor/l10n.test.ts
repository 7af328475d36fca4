import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const BUNDLE = 'l10n/bundle.l10n.json';

type Entry = string | { message: string; comment: string[] };

/** Every text of the user interface, by the key under which translations find it. */
function textsOfSource(): Record<string, Entry> {
  const texts = new Map<string, Entry>();
  const names = readdirSync('src/editor', { recursive: true, encoding: 'utf8' }).map((name) =>
    path.join('src/editor', name),
  );
  for (const file of ['src/extension.ts', ...names.sort()].filter((name) => name.endsWith('.ts'))) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /(?:^|\.)l10n\.t$/.test(node.expression.getText(source))) {
        const entry = entryOf(node.arguments[0], `${file}: ${node.getText(source)}`);
        const key = typeof entry === 'string' ? entry : `${entry.message}/${entry.comment.join('')}`;
        texts.set(key, entry);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return Object.fromEntries([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function entryOf(argument: ts.Expression | undefined, where: string): Entry {
  if (argument && ts.isStringLiteralLike(argument)) return argument.text;
  if (!argument || !ts.isObjectLiteralExpression(argument)) assert.fail(`${where}: takes a literal`);
  const member = (name: string): ts.Expression | undefined => {
    const found = argument.properties.find(
      (property) => property.name && ts.isIdentifier(property.name) && property.name.text === name,
    );
    return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
  };
  const message = member('message');
  const comment = member('comment');
  assert.ok(message && ts.isStringLiteralLike(message), where);
  assert.ok(comment && ts.isArrayLiteralExpression(comment), where);
  return {
    message: message.text,
    comment: comment.elements.map((element) =>
      ts.isStringLiteralLike(element) ? element.text : assert.fail(where),
    ),
  };
}

describe('texts for translators', () => {
  it(`${BUNDLE} has exactly the texts of the source (UPDATE_L10N=1 writes it)`, () => {
    const texts = textsOfSource();
    if (process.env['UPDATE_L10N']) writeFileSync(BUNDLE, JSON.stringify(texts, null, 2) + '\n');
    assert.ok(Object.keys(texts).length > 50);
    assert.deepEqual(JSON.parse(readFileSync(BUNDLE, 'utf8')), texts);
  });
});
