import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment';
import { shortLine } from '../text/clean';
import { processLabel } from '../text/commandLabel';
import { essence } from '../text/essence';
import { documentNote } from './words';
import { OutputText } from './outputText';
import { Pace } from './pace';

const SCHEME = 'exec-server-output';
/** The editor does not take much more as one document; the rest is found by Save Output As. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
/** The least time between two updates. */
const UPDATE_MS = 500;
const NAME_CHARACTERS = 60;

interface Followed {
  readonly process: ManagedProcess;
  readonly text: OutputText;
  readonly stop: () => void;
  readonly pace: Pace;
  timer: NodeJS.Timeout | undefined;
}

/** Outputs as documents that can only be read, and that follow what comes while they are open. */
export class OutputDocuments implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  /** By the address of the document. */
  private readonly followed = new Map<string, Followed>();
  private readonly subscriptions = [
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidChangeTextDocument(({ document: { uri } }) =>
      this.followed.get(uri.toString())?.pace.done(),
    ),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
  ];

  /** Shows it in an editor, or brings that to the front. */
  async open(process: ManagedProcess): Promise<void> {
    const uri = uriOf(process);
    this.follow(uri, process);
    const document = await vscode.workspace.openTextDocument(uri);
    // The editor overhears what changes while it opens a document.
    this.changes.fire(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    // A person may have found something in it by now.
    if (editor.selection.active.line > 0) return;
    const last = document.lineAt(document.lineCount - 1).range.end;
    editor.revealRange(new vscode.Range(last, last));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const followed = this.followed.get(uri.toString());
    if (!followed) return documentNote.gone();
    const { text } = followed;
    await text.update();
    const { missingBytes, cutBytes } = text;
    return (missingBytes > 0 ? documentNote.missing(missingBytes, cutBytes > 0) : '') + text.toString();
  }

  dispose(): void {
    for (const followed of this.followed.values()) end(followed);
    this.followed.clear();
    this.changes.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private follow(uri: vscode.Uri, process: ManagedProcess): void {
    const key = uri.toString();
    if (this.followed.has(key)) return;
    const pace = new Pace(UPDATE_MS);
    const followed: Followed = {
      process,
      pace,
      text: new OutputText(process, MAX_CHARACTERS),
      stop: process.subscribeWake(() => {
        followed.timer ??= setTimeout(() => {
          followed.timer = undefined;
          pace.begin();
          this.changes.fire(uri);
        }, pace.restMs);
      }),
      timer: undefined,
    };
    this.followed.set(key, followed);
  }

  private forget(uri: vscode.Uri): void {
    const followed = this.followed.get(uri.toString());
    if (followed) end(followed);
    this.followed.delete(uri.toString());
  }
}

function end(followed: Followed): void {
  followed.stop();
  clearTimeout(followed.timer);
}

/** Its name is that of the tab. */
function uriOf({ id, spec }: ManagedProcess): vscode.Uri {
  const name = shortLine(essence(processLabel(spec)), NAME_CHARACTERS).replace(/[/\\?#%:]/g, '_');
  return vscode.Uri.from({ scheme: SCHEME, path: `/${id}/${name}.log` });
}
