import { randomUUID } from 'node:crypto';
import type { StopOptions } from '../environment';
import { ErrorCode, invalidRequest, RpcError } from '../protocol';
import type { ServerBackend } from './backend';
import type { ServerLimits } from './limits';
import type { Logger } from './logger';
import type { Outlet } from './outlet';
import { Session } from './session';

/** Longest client name that is kept, in UTF-16 units. */
const MAX_NAME_LENGTH = 200;

/** All sessions of a server: attached, or detached for a bounded time (PROTOCOL chapter 3.3). */
export class SessionRegistry {
  private readonly sessions = new Map<string, Session>();
  /** Detached ones, oldest first. */
  private readonly expiries = new Map<Session, NodeJS.Timeout>();
  private closing = false;

  /** @param changed called after sessions came, went, or got or lost their connection */
  constructor(
    private readonly backend: ServerBackend,
    private readonly limits: ServerLimits,
    private readonly log: Logger,
    private readonly changed: () => void,
  ) {}

  list(): readonly Session[] {
    return [...this.sessions.values()];
  }

  /** A new session under a random UUID. Throws RpcError -32600 when the server is about to stop. */
  create(name: string, outlet: Outlet): Session {
    if (this.closing) throw invalidRequest('the exec-server is shutting down');
    const { backend, limits, log } = this;
    const session = new Session(randomUUID(), name.slice(0, MAX_NAME_LENGTH), backend, limits, log);
    this.sessions.set(session.id, session);
    session.attach(outlet);
    this.changed();
    return session;
  }

  /** The detached session `id`, attached again. Throws RpcError -32600 or -32010. */
  resume(id: string, outlet: Outlet): Session {
    const session = this.sessions.get(id);
    if (!session) throw invalidRequest(`unknown session id ${id}`);
    if (session.isAttached) {
      throw new RpcError(
        ErrorCode.sessionAttached,
        `session ${id} is already attached to another connection`,
      );
    }
    this.stopExpiry(session);
    session.attach(outlet);
    this.changed();
    return session;
  }

  /** The session's connection has ended. */
  detach(session: Session): void {
    session.detach();
    if (this.sessions.get(session.id) !== session) return;
    const timer = setTimeout(() => this.expire(session), this.limits.detachedMs).unref();
    this.expiries.set(session, timer);
    const [oldest] = this.expiries.keys();
    if (this.expiries.size > this.limits.detachedSessions && oldest) this.expire(oldest);
    this.changed();
  }

  /** Its connection has ended, and the session ends with it. */
  drop(session: Session): void {
    if (this.sessions.get(session.id) !== session) return;
    this.remove(session);
    void session.end({ from: 'kill', by: 'client' });
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

  private expire(session: Session): void {
    this.remove(session);
    this.log.info(`session ${session.id} was not resumed in time`);
    void session.end({ from: 'kill', by: 'client' });
    this.changed();
  }

  private remove(session: Session): void {
    this.stopExpiry(session);
    this.sessions.delete(session.id);
  }

  private stopExpiry(session: Session): void {
    clearTimeout(this.expiries.get(session));
    this.expiries.delete(session);
  }
}
