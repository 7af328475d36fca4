import { execServer } from '../../../protocol';
import { fileRoute } from './fileRoutes';
import { filePath } from './paths';
import { route } from './route';

const wire = execServer.fileStreams;

/** PROTOCOL chapter 10: open files and watches, which belong to the connection. */
export const streamRoutes = [
  fileRoute(wire.open, async ({ handleId, path, mode }, { fileHandles }) => {
    await fileHandles.open(handleId, filePath(path), mode ?? 'read');
    return { handleId };
  }),

  route(wire.readBlock, 'filesystem', async ({ handleId, offset, len }, { fileHandles }) => {
    const { chunk, eof } = await fileHandles.readBlock(handleId, offset, len);
    return { chunk: chunk.toString('base64'), eof };
  }),

  route(wire.writeBlock, 'filesystem', async ({ handleId, offset, chunk }, { fileHandles }) => {
    await fileHandles.writeBlock(handleId, offset, chunk);
    return {};
  }),

  route(
    wire.close,
    'filesystem',
    async ({ handleId }, { fileHandles }) => {
      await fileHandles.close(handleId);
      return {};
    },
    'immediate',
  ),

  fileRoute(wire.watchMissing, async ({ watchId, missing, present }, { missingWatches }) => {
    const paths = missing.map(filePath);
    return { watching: await missingWatches.watch(watchId, paths, present ? filePath(present) : null) };
  }),
];
