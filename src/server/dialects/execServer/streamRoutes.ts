import { execServer } from '../../../protocol';
import { fileRoute } from './fileRoutes';
import { filePath } from './paths';
import { route } from './route';

const wire = execServer.fileStreams;

/** An open file is closed behind all that was sent before about it: a client need not wait between its blocks. */
const about = 'handleId';

/** Open files and watches, which belong to the connection: docs/protocol/handles.md. */
export const streamRoutes = [
  {
    ...fileRoute(
      wire.open,
      'write',
      async ({ handleId, path, mode }, allowed, { fileHandles }) => {
        await fileHandles.open(handleId, filePath(path), mode ?? 'read', allowed);
        return { handleId };
      },
      ({ path, mode }) => [(mode ?? 'read') === 'read' ? 'read' : 'wrote', path],
    ),
    about,
  },

  route(
    wire.readBlock,
    'filesystem',
    async ({ handleId, offset, len }, { fileHandles }) => {
      const { chunk, eof } = await fileHandles.readBlock(handleId, offset, len);
      return { chunk: chunk.toString('base64'), eof };
    },
    { order: 'read', about },
  ),

  route(
    wire.writeBlock,
    'filesystem',
    async ({ handleId, offset, chunk }, { fileHandles }) => {
      await fileHandles.writeBlock(handleId, offset, chunk);
      return {};
    },
    { order: 'write', about },
  ),

  route(
    wire.close,
    'filesystem',
    async ({ handleId }, { fileHandles }) => {
      await fileHandles.close(handleId);
      return {};
    },
    { priority: 'control', order: 'read', about },
  ),

  fileRoute(wire.watchMissing, 'read', async ({ watchId, missing, present }, allowed, { missingWatches }) => {
    const paths = missing.map(filePath);
    const kept = present ? filePath(present) : null;
    return { watching: await missingWatches.watch(watchId, paths, kept, allowed) };
  }),
];
