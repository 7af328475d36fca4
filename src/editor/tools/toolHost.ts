import * as vscode from 'vscode';
import type { ToolHost } from '../../agents/tools/tool';
import type { Hub } from '../../hub';
import { settings } from '../settings';

/** What the tools work on, here in the editor. */
export function toolHost(hub: Hub): ToolHost {
  return { hub, assertAllowed: assertTrusted, reach: settings.toolsReach };
}

/**
 * Refuses when nothing may be run here.
 *
 * @throws Error with a sentence for the caller
 */
export function assertTrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new Error(
    'Exec Server runs nothing in an untrusted workspace. A person can trust it with the command "Workspaces: Manage Workspace Trust".',
  );
}
