import type { ExecBackend } from '../../src/environment';
import { ends, type End, type Open } from './ends';

/** The same cases over this machine, our server in three ways, and the real codex exec-server in two. */
export function overEach(title: string, cases: (backend: () => ExecBackend, end: End) => void): void {
  for (const end of ends) {
    describe(`${title} over ${end.name}`, function () {
      this.timeout(60_000);
      let far: Open;
      before(async function () {
        // The first run fetches the program.
        if (end.isReference) this.timeout(600_000);
        far = await end.open();
      });
      after(() => far.close());
      cases(() => far.environment.getExecBackend(), end);
    });
  }
}
