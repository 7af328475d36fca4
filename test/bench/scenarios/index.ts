import type { Scenario } from '../types.js';
import { bulk } from './bulk.js';
import { doors } from './doors.js';
import { echo } from './echo.js';
import { flood } from './flood.js';
import { hundred } from './hundred.js';
import { many } from './many.js';
import { start } from './start.js';
import { terminate } from './terminate.js';

export const SCENARIOS: readonly Scenario[] = [start, doors, echo, bulk, hundred, flood, terminate, many];
