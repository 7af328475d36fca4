import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** Until what has been compiled is kept, in ms: what a start needs has run by then. */
const KEEP_MS = 1000;

/**
 * Loads a bundle as `require` does, with the code beside it that V8 has made of it for this version of Node, or keeps
 * that for the next time: compiling takes longer than all else that a start does.
 */
export function load(file: string): unknown {
  const kept = `${file}.${process.version}-${process.arch}`;
  const cachedData = readIfThere(kept);
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  const run = script.runInThisContext() as (...parts: unknown[]) => void;
  run(module.exports, createRequire(file), module, file, dirname(file));
  if (!cachedData || script.cachedDataRejected) keepOnce(script, kept);
  return module.exports;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** A little later, or at the end if that comes first. */
function keepOnce(script: Script, file: string): void {
  const keep = (): void => {
    clearTimeout(later);
    process.off('exit', keep);
    write(file, script.createCachedData());
  };
  const later = setTimeout(keep, KEEP_MS).unref();
  process.once('exit', keep);
}

/** Writes the file whole or not at all; where it cannot be kept, the next start takes as long. */
function write(file: string, content: Buffer): void {
  const beside = `${file}.${process.pid}`;
  try {
    const open = openSync(beside, 'wx', 0o600);
    writeSync(open, content);
    // V8 believes what it reads.
    fsyncSync(open);
    closeSync(open);
    renameSync(beside, file);
  } catch {
    rmSync(beside, { force: true });
  }
}
