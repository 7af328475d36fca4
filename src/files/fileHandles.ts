import { disk } from '../blocking';
import { FsError, invalid } from './fsError';
import { checkPath, type NativePath, type PathOptions } from './nativePath';
import { openForReading, openForReplacing, requireRegular } from './openFile';
import { asFsErrors, osError } from './osError';

/** `replace` empties or makes the file at once; its blocks may then come in any order. */
export type OpenMode = 'read' | 'replace';

export interface FileBlock {
  readonly chunk: Buffer;
  /** Fewer bytes than asked for were there. A block that ends exactly at the end says false. */
  readonly eof: boolean;
}

/** The reference's limits. */
const MAX_HANDLES = 128;
const MAX_ID_BYTES = 32;
const MAX_BLOCK_BYTES = 1024 * 1024;

interface OpenFile {
  readonly mode: OpenMode;
  /** Settles when the file is open; a handle counts from the moment it is asked for. */
  readonly file: Promise<number>;
  /** What is under way on it: closed before its end, its number may be another file's by then. */
  readonly uses: Set<Promise<unknown>>;
}

function checkId(handleId: string): void {
  if (Buffer.byteLength(handleId) <= MAX_ID_BYTES) return;
  throw invalid(`file handle ID must not exceed ${MAX_ID_BYTES} bytes`);
}

function checkBlockLength(kind: 'read' | 'write', length: number): void {
  if (Number.isInteger(length) && length >= 1 && length <= MAX_BLOCK_BYTES) return;
  throw invalid(`file ${kind} block length must be between 1 and ${MAX_BLOCK_BYTES}`);
}

async function openFile(path: NativePath, mode: OpenMode, options: PathOptions): Promise<number> {
  if (mode === 'read') return openForReading(path, options);
  return requireRegular(await openForReplacing(path, options), path);
}

/** Reads until `buffer` is full or the file ends. */
async function fill(fd: number, buffer: Buffer, offset: number): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const bytesRead = await disk.read(fd, buffer.subarray(length), offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

/** Does something with the file, which is not closed meanwhile. */
async function use<T>({ file, uses }: OpenFile, act: (fd: number) => Promise<T>): Promise<T> {
  const done = file.then(act);
  uses.add(done);
  try {
    return await done;
  } finally {
    uses.delete(done);
  }
}

/** The files that one connection holds open under ids of its own choice. */
export class FileHandles implements AsyncDisposable {
  private readonly handles = new Map<string, OpenFile>();
  private disposed = false;

  /** Opens a regular file; a policy is asked now, and not again for its blocks. */
  open(
    handleId: string,
    path: NativePath,
    mode: OpenMode = 'read',
    options: Pick<PathOptions, 'policy'> = {},
  ): Promise<void> {
    return asFsErrors(async () => {
      checkId(handleId);
      if (this.handles.has(handleId)) throw invalid(`file handle \`${handleId}\` already exists`);
      if (this.handles.size >= MAX_HANDLES) {
        throw invalid(`at most ${MAX_HANDLES} file handles may be open per connection`);
      }
      if (this.disposed) throw osError('EBADF');
      const entry: OpenFile = { mode, file: openFile(checkPath(path), mode, options), uses: new Set() };
      this.handles.set(handleId, entry);
      try {
        await entry.file;
      } catch (error) {
        this.forget(handleId, entry);
        throw error;
      }
    });
  }

  /** Up to `length` bytes from `offset`. An error of the system closes the handle. */
  readBlock(handleId: string, offset: number, length: number): Promise<FileBlock> {
    return asFsErrors(async () => {
      checkId(handleId);
      checkBlockLength('read', length);
      const entry = this.find(handleId);
      try {
        if (entry.mode !== 'read') throw osError('EBADF');
        // No file reaches so far, and Node takes no such number.
        if (!Number.isSafeInteger(offset + length)) {
          await entry.file;
          return { chunk: Buffer.alloc(0), eof: true };
        }
        return await use(entry, async (fd) => {
          const buffer = Buffer.allocUnsafeSlow(length);
          const bytesRead = await fill(fd, buffer, offset);
          return { chunk: buffer.subarray(0, bytesRead), eof: bytesRead < length };
        });
      } catch (error) {
        await this.end(handleId, entry);
        throw error;
      }
    });
  }

  /** Writes at `offset`; what lies between blocks is zero. */
  writeBlock(handleId: string, offset: number, chunk: Uint8Array): Promise<void> {
    return asFsErrors(async () => {
      checkId(handleId);
      checkBlockLength('write', chunk.length);
      const entry = this.find(handleId);
      if (entry.mode !== 'replace') throw osError('EBADF');
      await use(entry, (fd) => {
        if (!Number.isSafeInteger(offset + chunk.length)) throw osError('EFBIG');
        return disk.writeAll(fd, chunk, offset);
      });
    });
  }

  /** Closes a handle after what is under way on it. Unknown ids are fine, those that none can have are not. */
  close(handleId: string): Promise<void> {
    return asFsErrors(async () => {
      checkId(handleId);
      const entry = this.handles.get(handleId);
      if (entry) await this.end(handleId, entry);
    });
  }

  private async end(handleId: string, entry: OpenFile): Promise<void> {
    if (this.handles.get(handleId) !== entry) return;
    this.handles.delete(handleId);
    const fd = await entry.file.catch(() => undefined);
    await Promise.allSettled(entry.uses);
    if (fd !== undefined) await disk.close(fd);
  }

  /** Closes everything; nothing can be opened any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    await Promise.all([...this.handles.keys()].map((handleId) => this.close(handleId)));
  }

  private find(handleId: string): OpenFile {
    const entry = this.handles.get(handleId);
    if (!entry) throw new FsError('notFound', `unknown file handle \`${handleId}\``);
    return entry;
  }

  private forget(handleId: string, entry: OpenFile): void {
    if (this.handles.get(handleId) === entry) this.handles.delete(handleId);
  }
}
