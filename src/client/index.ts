export type { Connector } from './connector';
export { ConnectError, DISCONNECTED, DisconnectedError } from './errors';
export type { NumberedEvent, RemoteEvent } from './eventOrder';
export {
  ExecServerClient,
  type ClientState,
  type ConnectOptions,
  type ExecServerAddress,
} from './execServerClient';
export { spawnLocalExecServer } from './localExecServer';
export type { ExecServerCommand } from './programConnector';
export type { RemoteProcess, RemoteWriteStatus } from './remoteProcess';
export type { StartParams } from './startParams';
export type { AuthBearerToken } from './wsConnector';
export type { Transport, TransportEvents } from '../rpc/transport';
export { RpcError, type EnvironmentInfo } from '../protocol';
