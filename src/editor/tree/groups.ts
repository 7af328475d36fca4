/** A client as the server knows it. */
export interface KnownClient {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  readonly since: number;
  /** When its processes end unless it comes back, in ms since 1970; null while nothing is to end them. */
  readonly endsAt: number | null;
}

/** What is needed of a process to find its place. */
export interface Grouped {
  readonly id: string;
  readonly startedAt: number;
  /** A human is needed. */
  readonly needsInput?: object | null;
  readonly owner: { readonly id: string; readonly name: string };
  /** The environment it runs in, null for this machine. */
  readonly environmentId: string | null;
}

/** What the rows are under; `none` is one list. */
export type Grouping = 'agent' | 'machine' | 'folder' | 'none';

export interface ClientRow<P> {
  readonly kind: Grouping;
  readonly id: string;
  readonly name: string;
  readonly place: string | null;
  /** Undefined for what does not come over the wire, such as other extensions. */
  readonly connected: boolean | undefined;
  readonly since: number;
  /** See `KnownClient`; also null for what the server does not know any more. */
  readonly endsAt: number | null;
  /** Another row has the same name, so that the name alone does not tell which one it is. */
  readonly alike: boolean;
  /** Newest first. */
  readonly processes: readonly P[];
}

/**
 * Who is shown above whom: every client that is connected or has processes; those on top whose processes need a
 * human, then the latest; and with each its processes, the latest on top. What one starts in another environment has a row of its own.
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
  const rows = [...ids].map((id) => {
    const client = known.get(id);
    const own = (byOwner.get(id) ?? []).reverse().sort((a, b) => b.startedAt - a.startedAt);
    const first = own.at(-1);
    return {
      kind: 'agent' as const,
      id,
      name: client?.name ?? first?.owner.name ?? id,
      place: first?.environmentId ?? null,
      connected: client?.connected ?? (isWire(id) ? false : undefined),
      since: client?.since ?? first?.startedAt ?? 0,
      endsAt: client?.endsAt ?? null,
      processes: own,
    };
  });
  const count = new Map<string, number>();
  for (const row of rows) count.set(looks(row), (count.get(looks(row)) ?? 0) + 1);
  return rows
    .map((row) => ({ ...row, alike: (count.get(looks(row)) ?? 0) > 1 }))
    .sort((a, b) => needing(b) - needing(a) || b.since - a.since);
}

/** What a person sees of who it is and where. */
function looks({ name, place }: { readonly name: string; readonly place: string | null }): string {
  return JSON.stringify([name, place]);
}

function needing({ processes }: { readonly processes: readonly Grouped[] }): number {
  return processes.some(({ needsInput }) => needsInput) ? 1 : 0;
}

function rowId({ owner, environmentId }: Grouped): string {
  return environmentId === null ? owner.id : `${owner.id}@${environmentId}`;
}

/** Owners inside the editor have a kind before a colon; sessions on the wire are plain ids. */
function isWire(id: string): boolean {
  return !id.includes(':');
}

/**
 * The rows of the first level for all groupings but that by agent: machines or folders in the order of their names, this
 * machine first, those before all where a human is needed; or one row for all.
 */
export function groupByPlace<P extends Grouped & { readonly spec: { readonly cwd: string } }>(
  processes: readonly P[],
  grouping: Exclude<Grouping, 'agent'>,
): ClientRow<P>[] {
  const groups = new Map<string, P[]>();
  for (const process of processes) {
    const id = placeId(process, grouping);
    groups.set(id, [...(groups.get(id) ?? []), process]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, own]) => ({
      kind: grouping,
      id: `${grouping}:${id}`,
      name: grouping === 'folder' ? (own[0]?.spec.cwd ?? '') : '',
      place: grouping === 'none' ? null : (own[0]?.environmentId ?? null),
      connected: undefined,
      since: 0,
      endsAt: null,
      alike: false,
      processes: own,
    }))
    .sort((a, b) => needing(b) - needing(a));
}

function placeId(
  { spec, environmentId }: Grouped & { readonly spec: { readonly cwd: string } },
  grouping: Exclude<Grouping, 'agent'>,
): string {
  if (grouping === 'none') return 'all';
  return grouping === 'machine' ? (environmentId ?? '') : JSON.stringify([spec.cwd, environmentId]);
}
