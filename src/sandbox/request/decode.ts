import { SandboxRefusal } from '../refusal';
import { checkAbsolute, checkBelow, pathOfUri } from './fileUri';
import { isUnrestricted, type Access, type FileRule, type RulePlace, type SandboxRequest } from './request';
import { parse } from './parse';
import { checkCount, Rules } from './rules';
import { sandboxSchema, type Entry, type SandboxObject, type Special } from './schema';

const ENTRIES = 'permissions.file_system.entries';
const PROFILE = 'Ask the user to change the permission profile.';
/** Where a pattern begins that counts in each workspace root. */
const IN_ROOTS = 'codex-project-roots://';

/**
 * Reads the `sandbox` object of an exec-server client. Strict: what could give more rights than were meant is refused.
 *
 * @param sandbox as it came; null and undefined ask for no sandbox
 * @throws SandboxRefusal
 */
export function decodeSandbox(sandbox: unknown): SandboxRequest {
  if (sandbox == null) return { files: 'all', network: true };
  const object = parse(sandboxSchema, sandbox);
  const request = requestOf(object);
  if (object.useLegacyLandlock === true && !isUnrestricted(request))
    throw new SandboxRefusal(
      'useLegacyLandlock',
      'there is no Landlock backend here',
      'Ask the user to turn off the feature `use_legacy_landlock`.',
    );
  return request;
}

function requestOf(object: SandboxObject): SandboxRequest {
  const { permissions } = object;
  if (permissions.type === 'disabled') return { files: 'all', network: true };
  const network = permissions.network === 'enabled';
  // The files are somebody else's business, the network is not.
  if (permissions.type === 'external') return { files: 'all', network };
  const { file_system: files } = permissions;
  if (files.type === 'unrestricted') return { files: 'all', network };
  checkCount(files.entries, ENTRIES);
  const places = new Places(object);
  const rules = new Rules(ENTRIES);
  files.entries.forEach((entry, index) => rules.add(places.rulesOf(entry, index)));
  return { files: { rules: rules.all, patternDepth: files.glob_scan_max_depth ?? undefined }, network };
}

class Places {
  private readonly roots: readonly string[];

  constructor(private readonly object: SandboxObject) {
    const roots = object.workspaceRoots ?? [];
    checkCount(roots, 'workspaceRoots');
    this.roots = roots.map((root, index) => pathOfUri(root, `workspaceRoots[${index}]`));
    if (object.cwd != null) pathOfUri(object.cwd, 'cwd');
  }

  rulesOf(entry: Entry, index: number): FileRule[] {
    const field = `${ENTRIES}[${index}].path`;
    const access = entry.access === 'none' ? 'deny' : entry.access;
    const more = entry.missing_path_behavior === 'skip' ? { skipMissing: true } : {};
    return this.placesOf(entry.path, access, field).map((place) => ({ place, access, ...more }));
  }

  private placesOf(path: Entry['path'], access: Access, field: string): RulePlace[] {
    switch (path.type) {
      case 'path':
        return [{ path: pathOfUri(path.path, `${field}.path`) }];
      case 'glob_pattern':
        return this.patterns(path.pattern, access, `${field}.pattern`);
      case 'special':
        return this.special(path.value, access, `${field}.value`);
    }
  }

  private patterns(pattern: string, access: Access, field: string): RulePlace[] {
    if (access !== 'deny')
      throw new SandboxRefusal(field, `a pattern can only be denied, not given \`${access}\``, PROFILE);
    if (!pattern.startsWith(IN_ROOTS))
      return [{ under: '/', pattern: checkAbsolute(pattern, field).slice(1) }];
    const below = checkBelow(pattern.slice(IN_ROOTS.length), field).join('/');
    return this.roots.map((under) => ({ under, pattern: below }));
  }

  private special(value: Special, access: Access, field: string): RulePlace[] {
    if (value.kind === 'project_roots') {
      const below = checkBelow(value.subpath ?? '', `${field}.subpath`);
      return this.roots.map((root) => ({ path: [root === '/' ? '' : root, ...below].join('/') || '/' }));
    }
    if (value['subpath'] != null && value.kind !== 'unknown')
      throw new SandboxRefusal(`${field}.subpath`, `\`${value.kind}\` takes no subpath`, PROFILE);
    switch (value.kind) {
      case 'unknown':
        // A right that is not understood is not given. Reading may take the right to write away, though.
        if (access === 'write') return [];
        throw new SandboxRefusal(
          field,
          `the special path \`${value.path}\` with \`${access}\` is unknown here`,
          PROFILE,
        );
      case 'current_working_directory': {
        if (this.object.cwd != null) return [{ path: pathOfUri(this.object.cwd, 'cwd') }];
        throw new SandboxRefusal('cwd', 'missing, though an entry is about it', 'Send it with the sandbox.');
      }
      case 'slash_tmp':
        return [{ path: '/tmp' }];
      case 'minimal':
        if (access !== 'deny') return ['minimal'];
        throw new SandboxRefusal(field, 'the folders of the system cannot be denied', PROFILE);
      case 'root':
      case 'tmpdir':
        return [value.kind];
    }
  }
}
