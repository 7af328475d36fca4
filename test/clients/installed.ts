/** The package as somebody has it who installed it: packed by npm, in an empty folder, with its dependencies. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What a person who writes TypeScript has besides. */
const DEV_DEPENDENCIES = ['@types/node', 'typescript'];

export class Installed {
  readonly folder = mkdtempSync(join(tmpdir(), 'exec-server-consumer-'));
  readonly package = join(this.folder, 'node_modules/vscode-exec-server');
  readonly dependencies: readonly string[];

  constructor() {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(join(modules, '.bin'), { recursive: true });
    // What has been built, for others may be at work with it.
    this.run(process.execPath, ['scripts/package-library.mjs', '--out', this.folder], root);
    const [tarball = ''] = readdirSync(this.folder).filter((name) => name.endsWith('.tgz'));
    this.run('tar', ['-xzf', tarball]);
    // Not `npm install`: it would fetch the dependencies, and no test needs a network. Those that are declared are
    // linked, so that one that is not is missed.
    renameSync(join(this.folder, 'package'), this.package);
    const manifest = JSON.parse(readFileSync(join(this.package, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      bin: Record<string, string>;
    };
    this.dependencies = Object.keys(manifest.dependencies);
    for (const name of [...this.dependencies, ...DEV_DEPENDENCIES]) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
    for (const [name, file] of Object.entries(manifest.bin)) {
      symlinkSync(join(this.package, file), join(modules, '.bin', name));
    }
  }

  /** What it prints. Throws, with what it printed, unless it ends with status 0. */
  run(program: string, args: readonly string[], cwd = this.folder): string {
    const PATH = `${join(this.folder, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    try {
      const options = { cwd, env: { ...process.env, PATH }, encoding: 'utf8', stdio: 'pipe' } as const;
      return execFileSync(program, args, options);
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`, { cause: error });
    }
  }

  /** Every file of the package. */
  files(): string[] {
    return readdirSync(this.package, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.package.length + 1));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
