import assert from 'node:assert/strict';
import { SandboxRefusal, seccompProgram } from '../../../../src/sandbox';

const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7 };
const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;
const KILL = 0x80000000;

interface Call {
  readonly nr: number;
  readonly args?: readonly number[];
  readonly audit?: number;
}

/** What the kernel makes of the program: the few operations that may be in it, all others are an error. */
function run(program: Buffer, { nr, args = [], audit = 0 }: Call): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(nr, 0);
  data.writeUInt32LE(audit, 4);
  args.forEach((value, index) => data.writeBigUInt64LE(BigInt(value), 16 + 8 * index));
  let a = 0;
  for (let pc = 0; pc * 8 < program.length; pc++) {
    const at = pc * 8;
    const [code, jt, jf, k] = [
      program.readUInt16LE(at),
      program[at + 2]!,
      program[at + 3]!,
      program.readUInt32LE(at + 4),
    ];
    if (code === 0x06) return k;
    else if (code === 0x20) a = data.readUInt32LE(k);
    else if (code === 0x54) a = (a & k) >>> 0;
    else if (code === 0x15) pc += a === k ? jt : jf;
    else if (code === 0x35) pc += a >= k ? jt : jf;
    else assert.fail(`operation ${code}`);
  }
  return assert.fail('it ends without an answer');
}

/** By name: x64, arm64. From the kernel's tables. */
const CALLS = {
  read: [0, 63],
  ioctl: [16, 29],
  socket: [41, 198],
  connect: [42, 203],
  sendto: [44, 206],
  socketpair: [53, 199],
  execve: [59, 221],
  ptrace: [101, 117],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
} as const;
const [UNIX, INET, INET6, NETLINK, PACKET, VSOCK] = [1, 2, 10, 16, 17, 40];
const [STREAM, DGRAM, RAW, SEQPACKET, CLOEXEC] = [1, 2, 3, 5, 0o2000000];
const HIGH = 2 ** 32;

type Case = [name: keyof typeof CALLS, args: number[], offline: boolean, online: boolean];
const CASES: Case[] = [
  ['read', [0], true, true],
  ['execve', [], true, true],
  ['connect', [3], true, true],
  ['sendto', [3], true, true],
  ['ptrace', [0], false, true],
  ['process_vm_readv', [1], false, true],
  ['process_vm_writev', [1], false, true],
  ...(
    ['add_key', 'request_key', 'keyctl', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'] as const
  ).map((name): Case => [name, [], false, false]),
  ['ioctl', [0, 0x5413], true, true],
  ['ioctl', [0, 0x5412], false, false],
  ['ioctl', [0, HIGH + 0x5412], false, false],
  ['ioctl', [0, 0x541c], false, false],
  ['socket', [UNIX, STREAM], false, true],
  ['socket', [HIGH + UNIX, STREAM], false, true],
  ['socket', [INET, STREAM], true, true],
  ['socket', [INET6, DGRAM], true, true],
  ['socket', [NETLINK, RAW], true, true],
  ['socket', [PACKET, RAW], false, true],
  ['socket', [VSOCK, STREAM], false, false],
  ['socketpair', [UNIX, STREAM + CLOEXEC], true, true],
  ['socketpair', [UNIX, SEQPACKET], true, true],
  ['socketpair', [UNIX, DGRAM + CLOEXEC], false, true],
  ['socketpair', [UNIX, RAW], false, true],
  ['socketpair', [INET, STREAM], false, true],
];

describe('the seccomp filter', () => {
  for (const [index, arch] of (['x64', 'arm64'] as const).entries())
    for (const network of [false, true]) {
      const program = seccompProgram({ arch, network });
      const audit = AUDIT[arch];
      it(`lets through and refuses what it should on ${arch} ${network ? 'with' : 'without'} network`, () => {
        assert.equal(program.length % 8, 0);
        for (const [name, args, offline, online] of CASES) {
          const result = run(program, { nr: CALLS[name][index]!, args, audit });
          assert.equal(result, (network ? online : offline) ? ALLOW : EPERM, `${name} ${args.join()}`);
        }
        const listed = new Set<number>(Object.values(CALLS).map((numbers) => numbers[index]!));
        for (let nr = 0; nr < 600; nr++)
          if (!listed.has(nr)) assert.equal(run(program, { nr, audit }), ALLOW, `call ${nr}`);
      });

      it(`takes no calls by other tables on ${arch} ${network ? 'with' : 'without'} network`, () => {
        for (const other of [AUDIT.x64, AUDIT.arm64, 0x40000003].filter((one) => one !== audit))
          assert.equal(run(program, { nr: CALLS.read[index]!, audit: other }), KILL);
        const x32 = run(program, { nr: 0x40000000 + 41, args: [UNIX], audit });
        assert.equal(x32, arch === 'x64' ? EPERM : ALLOW, 'x32 is only there on x64');
      });
    }

  it('is refused for another architecture', () => {
    assert.throws(() => seccompProgram({ arch: 'riscv64', network: true }), SandboxRefusal);
  });
});
