import type { CommandHost } from '../agents/commandApi';
import type { Hub } from '../hub';
import type { ServerLifecycle } from './server/serverLifecycle';
import { assertTrusted } from './tools/toolHost';

/** What the commands for other extensions work on, here in the editor. */
export function commandHost(hub: Hub, lifecycle: ServerLifecycle): CommandHost {
  return {
    hub,
    connection: () => lifecycle.connection(),
    assertAllowed: assertTrusted,
  };
}
