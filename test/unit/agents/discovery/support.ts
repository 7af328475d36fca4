import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { announce, type Announced } from '../../../../src/agents/discovery';

/** A folder for records, folders to open, and windows over them; all gone at the end. */
export class Desk {
  readonly root = mkdtempSync(join(tmpdir(), 'discovery-'));
  windows = join(this.root, 'windows');
  readonly refusals: string[] = [];
  private readonly open: Announced[] = [];

  folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async window(folders: readonly string[], name = 'Editor'): Promise<Announced> {
    const window = await announce({
      kind: 'window',
      name,
      folders,
      windows: this.windows,
      doors: { echo: (socket: Socket) => void socket.pipe(socket) },
      refused: (message) => this.refusals.push(message),
    });
    this.open.push(window);
    return window;
  }

  async clear(): Promise<void> {
    await Promise.all(this.open.map((window) => window.close()));
    rmSync(this.root, { recursive: true, force: true });
  }
}
