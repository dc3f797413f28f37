import type { TObject } from '@sinclair/typebox';
import { distance } from 'fastest-levenshtein';
import type { FastifyBaseLogger } from 'fastify';

const PREFIX = 'DRONECAST_';
/** Docker and Kubernetes describe other services so: `DRONECAST_PORT=tcp://10.0.0.1:3000`. */
const SERVICE = /^(?:tcp|udp|sctp):\/\//;
/** Letters by which a name of this length may differ; short words of other programs differ by as little. */
const limitOf = ({ length }: string): number => (length < 8 ? 0 : length < 11 ? 1 : 2);

const normalize = (name: string): string => name.toUpperCase().replaceAll('-', '_').replaceAll('.', '_');
const sortWords = (name: string): string => name.split('_').sort().join('_');

function isSwap(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  if (at < 0 || a.length !== b.length) return false;
  return a.slice(0, at) + a.charAt(at + 1) + a.charAt(at) + a.slice(at + 2) === b;
}

/** Letters by which a name differs from a setting's; undefined when it means something else. */
function difference(name: string, setting: string): number | undefined {
  const plain = normalize(name);
  const isSame = plain === setting || plain === PREFIX + setting || sortWords(plain) === sortWords(setting);
  // `REDIS_NODE` is rather REDIS_NODES than REDIS_MODE.
  if (isSame || `${plain}S` === setting) return 0;
  if (isSwap(plain, setting)) return 1;
  const letters = distance(plain, setting);
  return letters <= limitOf(setting) ? letters : undefined;
}

function findMeant(name: string, settings: readonly string[]): string | undefined {
  let best: { setting: string; letters: number } | undefined;
  for (const setting of settings) {
    const letters = difference(name, setting);
    if (letters === undefined || (best && best.letters <= letters)) continue;
    best = { setting, letters };
  }
  return best?.setting;
}

/**
 * Logs a warning for each variable of the environment that is probably a misspelt setting of `schema`. Settings of other
 * apps, and whatever else an environment holds, resemble none closely enough.
 */
export function reportUnknownSettings(
  schema: TObject,
  env: NodeJS.ProcessEnv,
  log: Pick<FastifyBaseLogger, 'warn'>,
): void {
  const settings = Object.keys(schema.properties).flatMap((name) => [name, `${name}_FILE`]);
  for (const [name, value = ''] of Object.entries(env)) {
    if (settings.includes(name) || SERVICE.test(value)) continue;
    const meant = findMeant(name, settings);
    // Where the setting itself is given as well, the other variable is for another program.
    if (meant === undefined || env[meant]?.trim()) continue;
    log.warn(`${name} is not a setting. Did you mean ${meant}?`);
  }
}
