import type { WriteStatus } from '../../environment';
import type { MemoryShare } from '../../rpc';
import type { NamespaceParams } from './processNamespace';

/** What a piece of input takes beside its bytes. */
const PIECE_BYTES = 1024;

/** What the server keeps of one process of a client: its id and command, its environment while it runs, unread input. */
export class ProcessMemory implements Disposable {
  private kept: number;
  private environment: number;
  private disposed = false;

  /** @throws BudgetError if there is no room for it */
  constructor(
    private readonly share: MemoryShare,
    id: string,
    { argv, cwd, env, arg0 = '' }: Pick<NamespaceParams, 'argv' | 'cwd' | 'env' | 'arg0'>,
  ) {
    this.kept = bytesOf([id, cwd, arg0, ...argv]);
    const names = Object.keys(env);
    this.environment = names.reduce((sum, name) => sum + Buffer.byteLength(env[name] ?? ''), bytesOf(names));
    share.add(this.kept + this.environment);
  }

  /**
   * Counts input until it has been written.
   * @throws BudgetError if there is no room for it, before `write` is called
   */
  input(bytes: number, write: () => Promise<WriteStatus>): Promise<WriteStatus> {
    const held = bytes + PIECE_BYTES;
    this.share.add(held);
    const written = write();
    const giveBack = (): void => this.share.remove(held);
    written.then(giveBack, giveBack);
    return written;
  }

  /** The process has ended: only what tells about it is kept. */
  ended(): void {
    this.share.remove(this.environment);
    this.environment = 0;
  }

  /** Nothing of it is kept any more. */
  [Symbol.dispose](): void {
    if (this.disposed) return;
    this.disposed = true;
    this.share.remove(this.kept + this.environment);
  }
}

/** Without a copy of them; a character that takes more in UTF-8 takes more here as well. */
function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
