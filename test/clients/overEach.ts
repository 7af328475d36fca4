import { CASE_MS } from '../../scripts/host/patience.mjs';
import type { ExecBackend } from '../../src/environment';
import { ends, type End, type Open } from './ends';

/** The same cases over this machine, our server in three ways, and the real codex exec-server in two. */
export function overEach(title: string, cases: (backend: () => ExecBackend, end: End) => void): void {
  for (const end of ends) {
    describe(`${title} over ${end.name}`, function () {
      this.timeout(CASE_MS);
      let far: Open;
      before(async () => {
        far = await end.open();
      });
      after(() => far.close());
      cases(() => far.environment.getExecBackend(), end);
    });
  }
}
