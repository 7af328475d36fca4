import { execServer } from '../../../protocol';
import { fileRoute } from './fileRoutes';
import { filePath } from './paths';
import { route } from './route';

const wire = execServer.fileStreams;

/** Open files and watches, which belong to the connection: docs/protocol/handles.md. */
export const streamRoutes = [
  fileRoute(
    wire.open,
    'write',
    async ({ handleId, path, mode }, allowed, { fileHandles }) => {
      await fileHandles.open(handleId, filePath(path), mode ?? 'read', allowed);
      return { handleId };
    },
    ({ path, mode }) => [(mode ?? 'read') === 'read' ? 'read' : 'wrote', path],
  ),

  route(
    wire.readBlock,
    'filesystem',
    async ({ handleId, offset, len }, { fileHandles }) => {
      const { chunk, eof } = await fileHandles.readBlock(handleId, offset, len);
      return { chunk: chunk.toString('base64'), eof };
    },
    { order: 'read' },
  ),

  route(
    wire.writeBlock,
    'filesystem',
    async ({ handleId, offset, chunk }, { fileHandles }) => {
      await fileHandles.writeBlock(handleId, offset, chunk);
      return {};
    },
    { order: 'write' },
  ),

  route(
    wire.close,
    'filesystem',
    async ({ handleId }, { fileHandles }) => {
      await fileHandles.close(handleId);
      return {};
    },
    { priority: 'control' },
  ),

  fileRoute(wire.watchMissing, 'read', async ({ watchId, missing, present }, allowed, { missingWatches }) => {
    const paths = missing.map(filePath);
    const kept = present ? filePath(present) : null;
    return { watching: await missingWatches.watch(watchId, paths, kept, allowed) };
  }),
];
