import * as v from 'valibot';
import { SandboxRefusal } from '../refusal';
import { checkAbsolute, checkBelow } from './fileUri';
import { parse } from './parse';
import type { FileRule, SandboxRequest } from './request';
import { checkCount, Rules } from './rules';

const folders = v.array(v.string());

/** A member that is not named here is refused: it may have been meant to restrict. */
const schema = v.strictObject({
  mode: v.picklist(['read-only', 'workspace-write']),
  workspaceRoots: v.optional(folders),
  writableRoots: v.optional(folders),
  network: v.optional(v.boolean()),
  deny: v.optional(folders),
});

/**
 * The request with which a client of the wire would ask for this policy.
 *
 * @param policy as it came from an extension or a setting: it is checked
 * @throws SandboxRefusal for what is no `SandboxPolicy`
 */
export function requestOfPolicy(policy: unknown): SandboxRequest {
  const { mode, workspaceRoots = [], writableRoots = [], network = false, deny = [] } = parse(schema, policy);
  checkCount(workspaceRoots, 'workspaceRoots');
  checkCount(writableRoots, 'writableRoots');
  checkCount(deny, 'deny');
  const roots = workspaceRoots.map((root, index) => checkAbsolute(root, `workspaceRoots[${index}]`));
  const others = writableRoots.map((root, index) => checkAbsolute(root, `writableRoots[${index}]`));
  const rules = new Rules('');
  rules.add([{ place: 'root', access: 'read' }]);
  if (mode === 'workspace-write') {
    if (roots.length === 0)
      throw new SandboxRefusal('workspaceRoots', 'empty', 'Name a folder, or use the mode `read-only`.');
    rules.add([...roots, ...others, '/tmp'].map((path) => ({ place: { path }, access: 'write' })));
    rules.add([{ place: 'tmpdir', access: 'write' }]);
  } else if (others.length > 0) {
    throw new SandboxRefusal('writableRoots', 'not with `read-only`', 'Use the mode `workspace-write`.');
  }
  deny.forEach((text, index) => rules.add(denied(text, roots, `deny[${index}]`)));
  return { files: { rules: rules.all }, network };
}

function denied(text: string, roots: readonly string[], field: string): FileRule[] {
  const access = 'deny';
  if (text.startsWith('/')) {
    const path = checkAbsolute(text, field);
    return [{ place: /[*?[{\\]/.test(path) ? { under: '/', pattern: path.slice(1) } : { path }, access }];
  }
  const pattern = checkBelow(text, field).join('/');
  if (roots.length === 0 || pattern === '')
    throw new SandboxRefusal(field, 'there is nothing that it is relative to', 'Name an absolute path.');
  return roots.map((under) => ({ place: { under, pattern }, access }));
}
