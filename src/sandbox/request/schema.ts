import * as v from 'valibot';

const maybe = <T extends v.GenericSchema>(schema: T) => v.nullish(schema);
const uris = v.array(v.string());

const network = v.picklist(['restricted', 'enabled']);

/** `unknown` is what a newer client says for a kind of which it knows that older servers do not have it. */
const special = v.variant('kind', [
  v.looseObject({
    kind: v.picklist(['root', 'minimal', 'current_working_directory', 'tmpdir', 'slash_tmp']),
  }),
  v.looseObject({ kind: v.literal('project_roots'), subpath: maybe(v.string()) }),
  v.looseObject({ kind: v.literal('unknown'), path: v.string(), subpath: maybe(v.string()) }),
]);
export type Special = v.InferOutput<typeof special>;

const entry = v.looseObject({
  path: v.variant('type', [
    v.looseObject({ type: v.literal('path'), path: v.string() }),
    v.looseObject({ type: v.literal('glob_pattern'), pattern: v.string() }),
    v.looseObject({ type: v.literal('special'), value: special }),
  ]),
  // `none` is an old name of `deny`.
  access: v.picklist(['read', 'write', 'deny', 'none']),
  missing_path_behavior: maybe(v.literal('skip')),
});
export type Entry = v.InferOutput<typeof entry>;

const permissions = v.variant('type', [
  v.looseObject({
    type: v.literal('managed'),
    network,
    file_system: v.variant('type', [
      v.looseObject({
        type: v.literal('restricted'),
        entries: v.array(entry),
        glob_scan_max_depth: maybe(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
      }),
      v.looseObject({ type: v.literal('unrestricted') }),
    ]),
  }),
  v.looseObject({ type: v.literal('disabled') }),
  v.looseObject({ type: v.literal('external'), network }),
]);

/** The `sandbox` of `process/start` and `fs/*`. Members that it does not name are ignored, as the reference does. */
export const sandboxSchema = v.looseObject({
  permissions,
  cwd: maybe(v.string()),
  workspaceRoots: maybe(uris),
  policyContext: maybe(v.looseObject({ cwd: maybe(v.string()), workspaceRoots: maybe(uris) })),
  userHomeDir: maybe(v.string()),
  temporaryDirectories: maybe(uris),
  windowsSandboxLevel: v.picklist(['disabled', 'restricted-token', 'elevated', 'mxc']),
  windowsSandboxProxySettingsMode: maybe(v.picklist(['reconcile', 'preserve'])),
  useLegacyLandlock: maybe(v.boolean()),
});
export type SandboxObject = v.InferOutput<typeof sandboxSchema>;
