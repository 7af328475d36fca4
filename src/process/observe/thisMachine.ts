import { processCalls } from '../native/processCalls';
import { OrphanLook } from './orphanLook';
import type { ProcessLookup } from './processLookup';
import { Procfs } from './procfs';
import { PsTable } from './psTable';

let found: { readonly lookup: ProcessLookup; readonly orphans: OrphanLook } | undefined;

/** The processes of this machine; the same for everyone, so that looks are shared. */
export function thisMachine(): { readonly lookup: ProcessLookup; readonly orphans: OrphanLook } {
  if (found) return found;
  const lookup = lookupOf('children');
  return (found = { lookup, orphans: new OrphanLook(lookup) });
}

/** The processes of this machine, for one who looks for the orphans of another process than this one. */
export function wholeMachine(): { readonly lookup: ProcessLookup; readonly orphans: OrphanLook } {
  const lookup = lookupOf('all');
  return { lookup, orphans: new OrphanLook(lookup) };
}

function lookupOf(of: 'children' | 'all'): ProcessLookup {
  return process.platform === 'linux' ? new Procfs({ calls: processCalls(), of }) : new PsTable();
}
