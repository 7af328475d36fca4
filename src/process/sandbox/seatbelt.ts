import {
  diskLook,
  expandPatterns,
  hidePaths,
  resolvePath,
  resolvePolicy,
  SandboxRefusal,
  seatbeltProfile,
} from '../../sandbox';
import { osSpawnError, toSpawnError } from '../errors';
import { checkFolder, checkProgram } from '../spawn/findProgram';
import type { Confined } from './confinement';
import type { ConfinedSpec, SandboxBackend, SecretPlaces } from './sandboxBackend';

const PROGRAM = '/usr/bin/sandbox-exec';

/** Puts commands under seatbelt, on macOS: in the place of the program, so signals and terminals stay as they are. Never run yet. */
export class Seatbelt implements SandboxBackend {
  constructor(private readonly secrets: SecretPlaces) {}

  async confine(spec: ConfinedSpec): Promise<Confined> {
    await checkFolder(spec.cwd);
    const program = await checkProgram(spec);
    if (spec.arg0 !== undefined && spec.arg0 !== spec.argv[0])
      throw new SandboxRefusal('arg0', 'a sandbox of macOS takes no other name', 'Leave `arg0` out.');
    const surroundings = { tmpdir: spec.env['TMPDIR'], platform: 'darwin' } as const;
    const policy = await resolvePolicy(spec.sandbox, surroundings, diskLook)
      .then((resolved) => expandPatterns(resolved, diskLook))
      .catch((error: unknown) => {
        throw error instanceof SandboxRefusal ? error : toSpawnError(error);
      });
    const enforced = await hidePaths(policy, this.secrets(), diskLook);
    if (enforced.accessOf((await resolvePath(program, diskLook)).path) === 'deny')
      throw osSpawnError('EACCES');
    const { profile, parameters } = seatbeltProfile(enforced);
    const definitions = parameters.flatMap((parameter) => ['-D', parameter]);
    const argv = [PROGRAM, '-p', profile, ...definitions, '--', ...spec.argv];
    return {
      launch: { ...spec, argv, arg0: undefined },
      confinement: {
        type: 'macosSeatbelt',
        policy,
        realPath: () => undefined,
        isWrapped: false,
        release: () => undefined,
      },
      started: () => undefined,
    };
  }
}
