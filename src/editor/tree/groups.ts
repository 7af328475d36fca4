/** A client as the server knows it. */
export interface KnownClient {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  readonly since: number;
}

/** What is needed of a process to find its place. */
export interface Grouped {
  readonly key: string;
  readonly startedAt: number;
  readonly owner: { readonly id: string; readonly name: string };
  /** The environment it runs in, null for this machine. */
  readonly place: string | null;
}

export interface ClientRow<P> {
  readonly id: string;
  readonly name: string;
  readonly place: string | null;
  /** Undefined for what does not come over the wire, such as other extensions. */
  readonly connected: boolean | undefined;
  readonly since: number;
  /** Newest first. */
  readonly processes: readonly P[];
}

/**
 * Who is shown above whom: every client that is connected or has processes, the latest on top,
 * and with each its processes, the latest on top. What one starts in another environment has a row of its own.
 */
export function groupRows<P extends Grouped>(
  processes: readonly P[],
  clients: readonly KnownClient[],
): ClientRow<P>[] {
  const known = new Map(clients.map((client) => [client.id, client]));
  const byOwner = new Map<string, P[]>();
  for (const process of processes) {
    const id = rowId(process);
    const group = byOwner.get(id);
    if (group) group.push(process);
    else byOwner.set(id, [process]);
  }
  const ids = new Set([
    ...clients.filter(({ connected }) => connected).map(({ id }) => id),
    ...byOwner.keys(),
  ]);
  return [...ids]
    .map((id) => {
      const client = known.get(id);
      const own = (byOwner.get(id) ?? []).reverse().sort((a, b) => b.startedAt - a.startedAt);
      const first = own.at(-1);
      return {
        id,
        name: client?.name ?? first?.owner.name ?? id,
        place: first?.place ?? null,
        connected: client?.connected ?? (isWire(id) ? false : undefined),
        since: client?.since ?? first?.startedAt ?? 0,
        processes: own,
      };
    })
    .sort((a, b) => b.since - a.since);
}

function rowId({ owner, place }: Grouped): string {
  return place === null ? owner.id : `${owner.id}@${place}`;
}

/** Owners inside the editor have a kind before a colon; sessions on the wire are plain ids. */
function isWire(id: string): boolean {
  return !id.includes(':');
}
