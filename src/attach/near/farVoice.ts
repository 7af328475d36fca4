import type { Readable } from 'node:stream';
import type { Word } from '../words';

/** What is kept of what is printed there that is no word, in bytes. */
const NOISE_BYTES = 2048;
/** The longest word has the reasons of five folders. */
const WORD_BYTES = 64 * 1024;

/** Hears the far half among all that a login prints. */
export class FarVoice {
  private heard = Buffer.alloc(0);
  private readonly words: Word[] = [];
  private waiting: ((word: Word | undefined) => void) | undefined;
  private ended = false;
  private noisy = Buffer.alloc(0);
  private readonly onData = (chunk: Buffer): void => this.take(chunk);
  private readonly onEnd = (): void => {
    this.ended = true;
    this.waiting?.(undefined);
  };

  constructor(
    private readonly stream: Readable,
    private readonly nonce: string,
  ) {
    stream.on('data', this.onData);
    stream.on('close', this.onEnd);
    stream.on('error', () => undefined);
  }

  /** The last lines that were none of the far half's, for people. */
  get noise(): string {
    const lines = Buffer.concat([this.noisy, this.heard]).subarray(-NOISE_BYTES).toString().split('\n');
    return lines
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(-3)
      .join(' ');
  }

  /** Undefined at the end of the stream. */
  next(): Promise<Word | undefined> {
    const word = this.words.shift();
    if (word || this.ended) return Promise.resolve(word);
    return new Promise((resolve) => {
      this.waiting = (heard) => {
        this.waiting = undefined;
        resolve(heard);
      };
    });
  }

  /** Everything behind the last word, then the stream itself, paused: both are the server's. */
  release(): Buffer {
    this.stream.off('data', this.onData);
    this.stream.off('close', this.onEnd);
    this.stream.pause();
    return this.heard;
  }

  private take(chunk: Buffer): void {
    this.heard = Buffer.concat([this.heard, chunk]);
    for (;;) {
      const start = this.heard.indexOf(this.nonce);
      if (start < 0) return this.forget();
      const end = this.heard.indexOf('\n', start);
      if (end < 0) return;
      const word = JSON.parse(this.heard.toString('utf8', start + this.nonce.length, end)) as Word;
      this.noisy = Buffer.concat([this.noisy, this.heard.subarray(0, start)]).subarray(-NOISE_BYTES);
      this.heard = this.heard.subarray(end + 1);
      if (this.waiting) this.waiting(word);
      else this.words.push(word);
      // What comes then may look like anything.
      if (word.is === 'ready') return;
    }
  }

  /** Keeps only so much of a flood of noise that a word's beginning may be in it. */
  private forget(): void {
    if (this.heard.length <= WORD_BYTES) return;
    this.noisy = this.heard.subarray(0, -this.nonce.length).subarray(-NOISE_BYTES);
    this.heard = this.heard.subarray(-this.nonce.length);
  }
}
