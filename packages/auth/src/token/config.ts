import { readConfig } from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';
import { authSettings } from '../settings.js';

const { JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE } = authSettings;

export const Config = Type.Object({ JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE });

export const loadConfig = (env: NodeJS.ProcessEnv): Static<typeof Config> => readConfig(Config, env);
