import { readFileSync } from 'node:fs';
import type { Static, TObject } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { registerFormats } from './formats.js';
import { collectErrors } from './validation.js';

/** A setting is wrong; the message is one line that names it and never shows its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** `NAME`, or what the file that `NAME_FILE` names holds (a mounted secret). Blank counts as absent. */
function readSetting(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const path = env[`${name}_FILE`];
  if (!path) return env[name]?.trim() || undefined;
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    throw new ConfigError(`${name}_FILE: cannot read ${path}`);
  }
}

/** The settings that `schema` names, converted to its types, its defaults filled in. */
export function readConfig<S extends TObject>(schema: S, env: NodeJS.ProcessEnv): Static<S> {
  registerFormats();
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.properties)) {
    const value = readSetting(name, env);
    if (value !== undefined) given[name] = value;
  }
  const config = Value.Default(schema, Value.Convert(schema, given));
  const [error] = collectErrors(Value.Errors(schema, config));
  if (error) throw new ConfigError(`${error.pointer.slice(1)} ${error.message}`);
  return config as Static<S>;
}
