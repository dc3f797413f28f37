import { apiSettings } from '@dronecast/api';
import { dashboardSettings } from '@dronecast/dashboard';
import { relaySettings } from '@dronecast/relay';
import { commonSettings, readConfig } from '@dronecast/runtime';
import { Type } from '@sinclair/typebox';

const { PORT, HOST, LOG_LEVEL, HISTORY_MAX_EVENTS, HISTORY_MAX_AGE_HOURS, HISTORY_MAX_BYTES } =
  commonSettings;

export const Config = Type.Object({
  PORT: PORT(3000),
  HOST: HOST('127.0.0.1'),
  LOG_LEVEL,
  HISTORY_MAX_EVENTS,
  HISTORY_MAX_AGE_HOURS,
  // In the memory of this process, which may run on a laptop.
  HISTORY_MAX_BYTES: HISTORY_MAX_BYTES(67_108_864),
  DATA_DIR: Type.String({ default: './data', description: 'a folder' }),
  ...apiSettings,
  ...relaySettings,
  ...dashboardSettings,
});

export const loadConfig = (env: NodeJS.ProcessEnv) => readConfig(Config, env);
