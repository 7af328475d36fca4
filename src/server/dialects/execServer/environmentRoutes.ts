import { execServer } from '../../../protocol';
import { route } from './route';

const { environmentInfo, environmentStatus } = execServer.environment;

/** PROTOCOL chapter 11. */
export const environmentRoutes = [
  route(environmentInfo, 'environment info', (_, call) => call.environmentInfo(), 'immediate'),
  route(environmentStatus, 'environment status', () => ({ status: 'ready' }), 'immediate'),
];
