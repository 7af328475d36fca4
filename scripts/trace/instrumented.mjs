import ts from 'typescript';

/**
 * The same source, in which each function that has a body tells `globalThis.entered` its file, its name and its line.
 *
 * @param {string} source TypeScript
 * @param {string} file as it is told
 */
export function instrumented(source, file) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  /** @type {{ at: number, text: string }[]} */
  const inserts = [];
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const body = /** @type {ts.Node} */ (node.body);
      const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const call = `globalThis.entered?.(${JSON.stringify(file)}, ${JSON.stringify(nameOf(node))}, ${line})`;
      if (!ts.isBlock(body)) {
        inserts.push({ at: body.getStart(), text: `(${call}, ` }, { at: body.getEnd(), text: ')' });
      } else {
        // Behind a call of super, before which `this` is not there; it must stay the first.
        const first = body.statements[0];
        const isSuper = first !== undefined && /^super\(/.test(first.getText());
        inserts.push({ at: isSuper ? first.getEnd() : body.getStart() + 1, text: `;${call};` });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  // From the end, so that no place moves; what is further in closes first.
  return inserts
    .map((insert, index) => ({ ...insert, index }))
    .sort((a, b) => b.at - a.at || b.index - a.index)
    .reduce((text, { at, text: piece }) => text.slice(0, at) + piece + text.slice(at), source);
}

function nameOf(/** @type {ts.Node} */ node) {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { name } = /** @type {{ name?: ts.Node }} */ (node);
  if (name) return name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : '(arrow)';
}
