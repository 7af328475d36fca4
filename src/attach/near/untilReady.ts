import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Writable } from 'node:stream';
import { platformOf, type NoNode, type Word } from '../words';
import type { AttachOptions } from './attach';
import { AttachError } from './attachError';
import { bootstrap, newNonce } from './bootstrap';
import { farCode } from './farCode';
import { FarVoice } from './farVoice';
import { readNode, sizeText } from './nodeFile';
import { likelyPayload, makePayload, pack, type Payload } from './payload';
import { ended, machineLine, noNode, noPlace, TERMINAL } from './sentences';

/** How often it is said that there is no answer, and when that is given up, in ms. */
const TELL_MS = 5000;
const SILENCE_MS = 600_000;

/** The streams of the program that leads there; its stderr is this process's own. */
type Way = Pick<ChildProcessWithoutNullStreams, 'stdin' | 'stdout' | 'exitCode' | 'signalCode'>;

/**
 * Talks with the shell and the far half until there is a server on the other end of the streams. Resolves with what of
 * it has come already; rejects with an AttachError.
 *
 * @param gone resolves when the program has exited
 */
export async function untilReady(way: Way, gone: Promise<void>, options: AttachOptions): Promise<Buffer> {
  const nonce = newNonce();
  const voice = new FarVoice(way.stdout, nonce);
  const likely = likelyPayload(options.root);
  way.stdin.write(bootstrap(nonce, farCode(options.root), likely));
  await converse(voice, way.stdin, { ...options, likely }, async () => {
    await gone;
    return ended(options.command, way, voice.noise);
  });
  return voice.release();
}

async function converse(
  voice: FarVoice,
  input: Writable,
  options: AttachOptions & { readonly likely: Payload | undefined },
  whyEnded: () => Promise<string>,
): Promise<void> {
  let payload = options.likely;
  let node: { readonly packed: Buffer } | undefined;
  for (;;) {
    const word = await patiently(voice.next(), options.step);
    if (word === undefined) throw new AttachError(await whyEnded());
    switch (word.is) {
      case 'noNode': {
        node = await offerNode(word, input, options);
        break;
      }
      case 'machine':
        node = undefined;
        options.step(machineLine(word));
        // The far half compares the same, and asks for no more.
        if (platformOf(word) === payload?.platform) break;
        payload = makePayload(word, options.root);
        input.write(`${payload.key}\n`);
        break;
      case 'need': {
        const packed = node?.packed ?? (payload && (await pack(payload)));
        if (!packed) throw new AttachError('it asked for what was never offered');
        options.step(`sending ${sizeText(packed.length)} to ${word.folder}`);
        if (!node) input.write(`${packed.length}\n`);
        input.write(packed);
        break;
      }
      case 'ready':
        options.step(`exec-server runs from ${word.folder}`);
        return;
      case 'terminal':
      case 'noPlace':
      case 'damaged':
      case 'failed':
        throw new AttachError(refusal(word));
    }
  }
}

/** Says now and then that it waits: for a slow line, or for a person who is asked for a passphrase. */
async function patiently(
  answer: Promise<Word | undefined>,
  step: (text: string) => void,
): Promise<Word | undefined> {
  const since = performance.now();
  const seconds = (): number => Math.round((performance.now() - since) / 1000);
  const told = setInterval(() => step(`no answer for ${seconds()} s`), TELL_MS);
  let late: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new AttachError(`nothing was answered for ${seconds()} s`)), SILENCE_MS);
  });
  try {
    return await Promise.race([answer, end]);
  } finally {
    clearInterval(told);
    clearTimeout(late);
  }
}

async function offerNode(
  there: NoNode,
  input: Writable,
  options: AttachOptions,
): Promise<{ packed: Buffer }> {
  const { sendNode } = options;
  const lacks = there.lacks.trim();
  if (sendNode === undefined || lacks !== '') throw new AttachError(await noNode(there, lacks));
  const node = await readNode(sendNode, there);
  options.step(
    `it is ${there.system} ${there.machine}, without Node; a Node of ${sizeText(node.bytes)} goes there`,
  );
  input.write(`${node.sha256} ${node.packed.length}\n`);
  return node;
}

function refusal(word: Exclude<Word, { is: 'noNode' | 'machine' | 'need' | 'ready' }>): string {
  switch (word.is) {
    case 'terminal':
      return TERMINAL;
    case 'noPlace':
      return noPlace(word.tried);
    case 'damaged':
      return 'what arrived there is not what was sent, and nothing of it was kept. Try again';
    case 'failed':
      return `there: ${word.reason}`;
  }
}
