import type { RequestContext } from '../../rpc';
import type { Dialect } from '../connection';
import { AppServerDialect, METHOD_NAMES } from './appServer';
import { ExecMode } from './execMode';
import type { DialectServices } from './execServer';

/** One way to speak, and how to know its clients. */
interface Mode {
  /** Whether the params of an `initialize` are those of its clients. */
  claims(params: object): boolean;
  /** Methods whose refusal before `initialize` is its own. */
  readonly methods: readonly string[];
  speak(services: DialectServices): Dialect;
}

const EXEC_MODE: Mode = {
  claims: () => true,
  methods: [],
  speak: (services) => new ExecMode(services),
};

/** The first that claims a client gets it; without one, and before, a connection is an exec-server's. */
const MODES: readonly Mode[] = [
  {
    claims: (params) => Object.hasOwn(params, 'clientInfo') && !Object.hasOwn(params, 'clientName'),
    methods: METHOD_NAMES,
    speak: (services) => new AppServerDialect(services),
  },
  EXEC_MODE,
];

/** A connection whose `initialize` decides what is spoken on it (PROTOCOL chapter 16). */
export class DialectChoice implements Dialect {
  private readonly made = new Map<Mode, Dialect>();
  /** Set by the first `initialize` that succeeds. */
  private chosen: Dialect | undefined;

  constructor(private readonly services: DialectServices) {}

  get isLenient(): boolean {
    return this.current.isLenient ?? false;
  }

  lane(method: string): 'immediate' | 'ordinary' {
    return this.forMethod(method).lane(method);
  }

  request(method: string, params: unknown, context: RequestContext): unknown {
    if (this.chosen || method !== 'initialize')
      return this.forMethod(method).request(method, params, context);
    const claimed = isObject(params) ? MODES.find((mode) => mode.claims(params)) : undefined;
    const dialect = this.dialect(claimed ?? EXEC_MODE);
    const result = dialect.request(method, params, context);
    this.chosen = dialect;
    return result;
  }

  notification(method: string, params: unknown): boolean {
    return this.current.notification(method, params);
  }

  end(): void {
    for (const dialect of this.made.values()) dialect.end();
  }

  private get current(): Dialect {
    return this.chosen ?? this.dialect(EXEC_MODE);
  }

  private forMethod(method: string): Dialect {
    if (this.chosen) return this.chosen;
    return this.dialect(MODES.find(({ methods }) => methods.includes(method)) ?? EXEC_MODE);
  }

  private dialect(mode: Mode): Dialect {
    let dialect = this.made.get(mode);
    if (!dialect) this.made.set(mode, (dialect = mode.speak(this.services)));
    return dialect;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
