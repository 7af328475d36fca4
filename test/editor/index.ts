import { runSuites } from './host/runSuites';

/** The entry that VS Code calls inside its extension host, server and desktop alike. */
export const run = (): Promise<void> => runSuites(() => import('./suite/index'));
