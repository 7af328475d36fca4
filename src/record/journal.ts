import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Deed, Happening } from './happening';
import { readSegments, segmentName, trimSegments } from './segments';

/** Only this user reads them. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** A window's newest file has at most one part in this many of the limit, so that little goes when the oldest does. */
const SEGMENTS = 8;
/** So much may wait for the disk; what comes then is counted and left out. */
const MAX_WAITING_CHARACTERS = 4 * 1024 * 1024;

export interface JournalOptions {
  /** Absolute; made when it is first needed. */
  readonly folder: string;
  /** The most that all files together may take, in bytes; 0 to keep nothing. Asked each time. */
  readonly limit: () => number;
  /** Takes a sentence when the disk refuses. */
  readonly onTrouble: (problem: string) => void;
}

/**
 * The time-line on disk, a line of JSON for each thing that happened. Writing waits for nobody and is waited for by
 * nobody: what happens while the disk is busy is written together afterwards.
 */
export class Journal {
  /** Names this window. */
  readonly window = `${Date.now()}-${process.pid}`;
  private waiting: string[] = [];
  private waitingCharacters = 0;
  private missing = 0;
  private writing: Promise<void> | undefined;
  private segment = 0;
  private segmentBytes = 0;
  private toldTrouble = false;

  constructor(private readonly options: JournalOptions) {}

  /** Notes that this has happened just now. */
  note(deed: Deed): void {
    if (this.options.limit() <= 0) return;
    const line = this.lineOf(deed);
    if (this.waitingCharacters + line.length > MAX_WAITING_CHARACTERS) {
      this.missing++;
      return;
    }
    this.waiting.push(line);
    this.waitingCharacters += line.length;
    this.writing ??= this.write();
  }

  /** All that is kept, of earlier windows too, oldest first. */
  async read(): Promise<Happening[]> {
    await this.flushed();
    return readSegments(this.options.folder);
  }

  /** Whether a window that has noted something is still there, as far as its process tells. */
  lives(window: string): boolean {
    try {
      return process.kill(Number(window.split('-')[1]), 0);
    } catch {
      return false;
    }
  }

  /** Resolves when all that was noted is on the disk, or was refused by it. */
  async flushed(): Promise<void> {
    while (this.writing) await this.writing;
  }

  private lineOf(deed: Deed): string {
    const happening: Happening = { at: new Date().toISOString(), window: this.window, ...deed };
    return `${JSON.stringify(happening)}\n`;
  }

  private async write(): Promise<void> {
    // What happens in this turn goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const text = this.waiting.join('');
      this.waiting = [];
      this.waitingCharacters = 0;
      await this.append(text).catch((error: unknown) => this.tellTrouble(String(error)));
      if (this.missing > 0) {
        this.waiting.unshift(this.lineOf({ kind: 'missing', lines: this.missing }));
        this.missing = 0;
      }
    }
    this.writing = undefined;
  }

  private async append(text: string): Promise<void> {
    const { folder, limit } = this.options;
    const bytes = Buffer.byteLength(text);
    if (this.segmentBytes === 0) await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    else if (this.segmentBytes + bytes > limit() / SEGMENTS) {
      this.segment++;
      this.segmentBytes = 0;
    }
    const file = path.join(folder, segmentName(this.window, this.segment));
    await appendFile(file, text, { mode: FILE_MODE });
    if (this.segmentBytes === 0) await trimSegments(folder, limit());
    this.segmentBytes += bytes;
  }

  private tellTrouble(problem: string): void {
    if (!this.toldTrouble) this.options.onTrouble(`What happens is not recorded: ${problem}`);
    this.toldTrouble = true;
  }
}
