import { randomUUID } from 'node:crypto';
import type { StopOptions } from '../../environment';
import { ErrorCode, invalidRequest, RpcError } from '../../protocol';
import { Budget } from '../budget';
import type { ServerLimits } from '../limits';
import type { Logger } from '../logger';
import type { NotificationSink } from './notificationSink';
import { Session, type SessionMeans } from './session';

/** Longest client name that is kept, in UTF-16 units. */
const MAX_NAME_LENGTH = 200;

interface Expiry {
  readonly timer: NodeJS.Timeout;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** All sessions of a server: attached, or detached for a bounded time (docs/protocol/sessions.md#detach). */
export class SessionRegistry {
  private readonly sessions = new Map<string, Session>();
  /** Detached ones that will end, oldest first. */
  private readonly expiries = new Map<Session, Expiry>();
  private closing = false;
  private readonly limits: ServerLimits;
  private readonly log: Logger;

  /** @param changed called after sessions came, went, or got or lost their connection */
  constructor(
    private readonly means: SessionMeans,
    private readonly changed: () => void,
  ) {
    this.limits = means.limits;
    this.log = means.log;
  }

  list(): readonly Session[] {
    return [...this.sessions.values()];
  }

  /**
   * A new session under a random UUID.
   *
   * @throws RpcError -32600 when the server is about to stop
   */
  create(name: string, sink: NotificationSink): Session {
    if (this.closing) throw invalidRequest('the exec-server is shutting down');
    const budget = new Budget(this.limits.heldBytesPerConnection, 'this session', this.means.budget);
    const session = new Session(randomUUID(), name.slice(0, MAX_NAME_LENGTH), { ...this.means, budget });
    this.sessions.set(session.id, session);
    session.attach(sink);
    this.changed();
    return session;
  }

  /**
   * The session `id`, attached again. One whose connection gives no sign of life has lost it without a word, as when
   * a network goes: it is taken over.
   * @throws RpcError -32600 (unknown) or -32010 (attached to a connection that lives)
   */
  resume(id: string, sink: NotificationSink): Session | Promise<Session> {
    const session = this.sessions.get(id);
    if (!session) throw invalidRequest(`unknown session id ${id}`);
    const { sink: other } = session;
    return other ? this.takeOver(session, other, sink) : this.attach(session, sink);
  }

  private async takeOver(
    session: Session,
    other: NotificationSink,
    sink: NotificationSink,
  ): Promise<Session> {
    const { id } = session;
    if (await other.isAlive(this.limits.signOfLifeMs)) {
      throw new RpcError(
        ErrorCode.sessionAttached,
        `session ${id} is already attached to another connection`,
      );
    }
    this.log.info(`session ${id} was resumed: its connection had given no sign of life`);
    other.end('the session was resumed on another connection');
    // Meanwhile it may have gone, or somebody else may have taken it.
    if (this.sessions.get(id) !== session) throw invalidRequest(`unknown session id ${id}`);
    if (session.sink === other) session.detach();
    if (session.sink) return await this.takeOver(session, session.sink, sink);
    return this.attach(session, sink);
  }

  private attach(session: Session, sink: NotificationSink): Session {
    this.stopExpiry(session);
    session.attach(sink);
    this.changed();
    return session;
  }

  /** The connection of `sink` has ended; nothing happens if the session has another one by now. */
  detach(session: Session, sink: NotificationSink): void {
    if (session.sink !== sink) return;
    session.detach();
    if (this.sessions.get(session.id) !== session) return;
    const late = (): void => this.expire(session, 'was not resumed in time');
    const { detachedMs } = this.limits;
    const timer = setTimeout(late, detachedMs).unref();
    this.expiries.set(session, { timer, at: Date.now() + detachedMs });
    if (this.expiries.size > this.limits.detachedSessions) this.makeRoom();
    this.changed();
  }

  /** Ends one detached session if there are too many: the oldest where nothing runs, else the oldest. */
  private makeRoom(): void {
    const sessions = [...this.expiries.keys()];
    const victim = sessions.find((session) => !session.isBusy) ?? sessions[0];
    const { detachedSessions } = this.limits;
    if (victim) this.expire(victim, `ended early: more than ${detachedSessions} sessions have no connection`);
  }

  /** When the session ends unless its client comes back, in ms since 1970; null while nothing is to end it. */
  endsAt(session: Session): number | null {
    return this.expiries.get(session)?.at ?? null;
  }

  /** A detached session waits for its client for ever; without effect on others. */
  keep(id: string): void {
    const session = this.sessions.get(id);
    if (!session || !this.expiries.has(session)) return;
    this.stopExpiry(session);
    this.changed();
  }

  /** Ends a session that has no connection, and its processes, by the wish of a person; without effect on others. */
  async endDetached(id: string, graceMs: number): Promise<void> {
    const session = this.sessions.get(id);
    if (!session || session.sink) return;
    this.remove(session);
    this.changed();
    await session.end({ from: 'terminate', graceMs, by: 'person' });
  }

  /** Ends a session, its processes and the connection that it has, by the wish of a person; without effect on others. */
  async disconnect(id: string, graceMs: number): Promise<void> {
    const session = this.sessions.get(id);
    if (!session?.sink) return;
    const { sink } = session;
    this.remove(session);
    sink.end('A person has disconnected this client.');
    this.changed();
    await session.end({ from: 'terminate', graceMs, by: 'person' });
  }

  /** Its connection has ended, and the session ends with it. */
  drop(session: Session): void {
    if (this.sessions.get(session.id) !== session) return;
    this.remove(session);
    void session.end({ from: 'kill', by: 'gone' });
    this.changed();
  }

  /** Ends every session at once; their ids are unknown from now on. Resolves when their processes have ended. */
  async endAll(options: StopOptions): Promise<void> {
    const sessions = this.list();
    for (const session of sessions) this.remove(session);
    this.changed();
    await Promise.all(sessions.map((session) => session.end(options)));
  }

  /** No new sessions from now on. */
  close(): void {
    this.closing = true;
  }

  private expire(session: Session, reason: string): void {
    this.remove(session);
    this.log.info(`session ${session.id} ${reason}`);
    void session.end({ from: 'kill', by: 'gone' });
    this.changed();
  }

  private remove(session: Session): void {
    this.stopExpiry(session);
    this.sessions.delete(session.id);
  }

  private stopExpiry(session: Session): void {
    clearTimeout(this.expiries.get(session)?.timer);
    this.expiries.delete(session);
  }
}
