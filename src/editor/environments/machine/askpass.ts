import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { askChoice, askSecret } from '../../show/steps';
import { plain } from '../../text/plain';

const SCRIPT = `#!/bin/sh
ELECTRON_RUN_AS_NODE=1 exec "$EXEC_SERVER_ASK_NODE" "$EXEC_SERVER_ASK_SCRIPT" "$EXEC_SERVER_ASK_SOCKET" "$@"
`;
/** A question is a line; ssh's have a fingerprint and a few sentences. */
const LONGEST = 8192;

/** Asks the person in the editor what ssh wants to know, by its SSH_ASKPASS: there is no terminal that it could ask in. */
export class Askpass implements vscode.Disposable {
  private readonly folder: string | undefined;
  private readonly declinedEmitter = new vscode.EventEmitter<string>();
  /** The person has gone away from a question about this environment. */
  readonly onDeclined = this.declinedEmitter.event;
  private readonly server = net.createServer((socket) => this.serve(socket));
  /** For programs that may ask. Empty where there is no way. */
  readonly env: Readonly<Record<string, string>>;

  /** @param bundles the folder of the extension's bundles */
  constructor(bundles: string) {
    if (process.platform === 'win32') {
      this.env = {};
      return;
    }
    // For this user alone: others may not even connect.
    this.folder = mkdtempSync(path.join(tmpdir(), 'exec-server-ask-'));
    const script = path.join(this.folder, 'ask');
    const socket = path.join(this.folder, 'socket');
    writeFileSync(script, SCRIPT, { mode: 0o700 });
    this.server.on('error', () => undefined).listen(socket);
    this.env = {
      SSH_ASKPASS: script,
      SSH_ASKPASS_REQUIRE: 'force',
      EXEC_SERVER_ASK_NODE: process.execPath,
      EXEC_SERVER_ASK_SCRIPT: path.join(bundles, 'askpass.js'),
      EXEC_SERVER_ASK_SOCKET: socket,
    };
  }

  dispose(): void {
    this.server.close();
    this.declinedEmitter.dispose();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask(question: Question, signal: AbortSignal): Promise<string | undefined> {
    const said = await answer(question, signal);
    const isDeclined = !signal.aborted && (said === undefined || said === 'no');
    if (isDeclined && question.of !== undefined) this.declinedEmitter.fire(question.of);
    return said;
  }

  /** One question, one answer; when ssh goes away meanwhile, so does the question. */
  private serve(socket: net.Socket): void {
    const gone = new AbortController();
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('close', () => gone.abort());
    socket.on('data', (chunk: string) => {
      text = (text + chunk).slice(0, LONGEST);
      const end = text.indexOf('\n');
      if (end < 0) return;
      socket.pause();
      void this.ask(JSON.parse(text.slice(0, end)) as Question, gone.signal).then(
        (said) => socket.end(said === undefined ? '' : `${JSON.stringify(said)}\n`),
        () => socket.destroy(),
      );
      // Its end must be seen.
      socket.resume();
      text = '';
      socket.removeAllListeners('data');
    });
  }
}

/** What `askpass` hands over. */
interface Question {
  /** The environment that it is about, if that is known. */
  readonly of?: string;
  readonly question: string;
}

/** Undefined when the person goes away. */
async function answer({ of, question }: Question, signal: AbortSignal): Promise<string | undefined> {
  const { l10n } = vscode;
  if (!/\(yes\/no/.test(question)) {
    const title =
      of === undefined
        ? l10n.t('ssh asks')
        : l10n.t({ message: '{0}: ssh asks', args: [of], comment: ['{0} is the name of a machine'] });
    return askSecret(title, plain(question), signal);
  }
  const [who = '', ...rest] = question.split('\n').filter((line) => line.trim() !== '');
  const told = rest.filter((line) => !line.startsWith('Are you sure')).join(' ');
  const asked = askChoice<'yes' | 'no'>({
    title: l10n.t('ssh does not know this machine yet'),
    step: 1,
    totalSteps: 1,
    placeholder: who,
    items: [
      { icon: 'check', label: l10n.t('Connect'), detail: told, value: 'yes' },
      { icon: 'close', label: l10n.t('Do not connect'), value: 'no' },
    ],
  });
  const gone = new Promise<'no'>((resolve) => signal.addEventListener('abort', () => resolve('no')));
  const said = await Promise.race([asked, gone]);
  return typeof said === 'symbol' ? 'no' : said;
}
