import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AttachError } from '../../../src/attach';
import { machineLine } from '../../../src/attach/near/sentences';
import { nativeFiles } from '../../../src/attach/near/natives';
import { misfit } from '../../../src/attach/near/nodeFile';

const HERE = path.resolve('package.json');
const machine = (platform: string, arch: string, libc?: 'glibc' | 'musl') => ({
  platform,
  arch,
  libc,
  node: '20.0.0',
});
const names = (...of: Parameters<typeof machine>): string[] =>
  nativeFiles(machine(...of), HERE).map(([name]) => name);

describe('what a machine is sent', () => {
  it('has the binaries for its platform, processor and C library, and no others', () => {
    const binaries = (...of: Parameters<typeof machine>): string[] =>
      names(...of)
        .filter((name) => name.endsWith('.node'))
        .map((name) => name.split('/').slice(-2).join('/'));
    assert.deepEqual(binaries('linux', 'x64', 'glibc'), ['linux_x64/koffi.node', 'linux-x64/pty.node']);
    assert.deepEqual(binaries('linux', 'arm64', 'musl'), ['musl_arm64/koffi.node']);
    assert.deepEqual(binaries('darwin', 'arm64'), ['darwin-arm64/pty.node']);
    for (const pack of ['koffi/LICENSE.txt', 'node-pty/LICENSE'])
      assert.ok(names('linux', 'x64', 'glibc').includes(`node_modules/${pack}`), pack);
  });

  it('comes with a warning where it was never run', () => {
    assert.equal(machineLine(machine('linux', 'x64', 'glibc')), 'it is linux-x64, with Node 20.0.0');
    const others: Record<string, Parameters<typeof machine>> = {
      'alpine-x64': ['linux', 'x64', 'musl'],
      'linux-arm64': ['linux', 'arm64', 'glibc'],
      'darwin-arm64': ['darwin', 'arm64'],
    };
    for (const [name, of] of Object.entries(others))
      assert.match(
        machineLine(machine(...of)),
        new RegExp(
          `^it is ${name}, .* has never been run on ${name}, only on linux-x64 with glibc: .* terminals`,
        ),
      );
  });

  it('is refused in words where there is none for it', () => {
    const none: Parameters<typeof machine>[] = [
      ['linux', 'riscv64', 'glibc'],
      ['win32', 'x64'],
      ['freebsd', 'x64'],
    ];
    for (const of of none)
      assert.throws(
        () => names(...of),
        (error) =>
          error instanceof AttachError &&
          error.message.startsWith(`that machine is ${of[0]}-${of[1]}, for which there is no exec-server`),
      );
  });

  it('is refused in words where this installation has other platforms’ only', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'one-platform-'));
    try {
      mkdirSync(path.join(folder, 'node_modules/koffi/build/koffi/musl_x64'), { recursive: true });
      writeFileSync(path.join(folder, 'node_modules/koffi/package.json'), '{}');
      assert.throws(
        () => nativeFiles(machine('linux', 'x64', 'glibc'), path.join(folder, 'package.json')),
        /this installation of Exec Server has koffi's binaries for other platforms only. Install/,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a Node for a machine without one', () => {
  const linux = process.platform === 'linux' && process.arch === 'x64';
  const there = { is: 'noNode', system: 'Linux', machine: 'x86_64', musl: false, lacks: '' } as const;

  it('is refused before it is sent if it can’t run there', function () {
    if (!linux) return this.skip();
    const own = readFileSync(process.execPath).subarray(0, 4096);
    assert.equal(misfit(own, there), undefined);
    assert.match(
      misfit(own, { ...there, machine: 'aarch64' }) ?? '',
      /for x86_64, and that machine is aarch64/,
    );
    assert.match(misfit(own, { ...there, musl: true }) ?? '', /needs glibc, and that machine has musl/);
    assert.match(misfit(own, { ...there, system: 'Darwin' }) ?? '', /only a Node for Linux can be sent/);
    assert.match(misfit(Buffer.from('#!/bin/sh\n'), there) ?? '', /no program of Linux/);
  });
});
