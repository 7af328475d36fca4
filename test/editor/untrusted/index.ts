import { runSuites } from '../host/runSuites';

/** The entry for a window whose folder nobody has trusted yet. */
export const run = (): Promise<void> => runSuites(() => import('./trust.test'));
