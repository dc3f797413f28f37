import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import { createAsyncApi } from '@dronecast/events';
import { checkSync } from 'recheck';
import t from 'tap';
import { Config as ApiConfig } from '../apps/api/src/config.js';
import { buildApi } from '../apps/api/test/build-api.js';
import { dashboardSettings } from '../apps/dashboard/src/settings.js';
import { Config as RelayConfig } from '../apps/relay/src/config.js';
import { PollQuery, StreamQuery } from '../apps/relay/src/routes/stream-query.js';
import { Config as StandaloneConfig } from '../apps/standalone/src/config.js';
import { Claims } from '../packages/auth/src/claims.js';
import { Config as TokenConfig } from '../packages/auth/src/token/config.js';
import { type Pattern, patternsOf, readPython, readTypeScript } from './support/patterns.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// The analyser as JavaScript, in this process.
process.env.RECHECK_SYNC_BACKEND = 'pure';

const SETTINGS = { ApiConfig, RelayConfig, StandaloneConfig, TokenConfig, dashboardSettings };
/** Source files that put a regular expression together, each of which is tried below as what comes of it. */
const COMPUTED = [
  'apps/api/src/drone/drone-input.ts', // Schemas of the OpenAPI document.
  'apps/api/src/routes/incident-routes.ts',
  'apps/api/src/routes/schemas.ts',
  'packages/events/src/events.ts', // Schemas of both documents.
  'packages/events/src/serial-number.ts',
  'packages/runtime/src/problem.ts', // Of the routes' own paths.
];
/** Milliseconds for one attack. What takes linear time needs one of them, what takes quadratic time several times these. */
const PATIENCE_MS = 3000;
const ATTACK_CHARACTERS = 128 * 1024;

function sourceFiles(): string[] {
  const folders = ['apps', 'packages', 'clients'].flatMap((parent) =>
    readdirSync(parent).flatMap((name) => [`${parent}/${name}/src`, `${parent}/${name}/page`]),
  );
  return folders.flatMap((folder) => {
    try {
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      return names.filter((name) => /\.(?:tsx?|py)$/.test(name)).map((name) => `${folder}/${name}`);
    } catch {
      return []; // Not everything has a page.
    }
  });
}

/**
 * What the analyser cannot follow: assertions of a fixed text directly behind `^`. Each is tried once, so they cost
 * nothing that grows.
 */
const withoutFirstAssertions = (source: string): string =>
  source.replace(/^(\^\(?)(?:\(\?![\w:]+\$?\))+/, '$1');

/** Why the pattern may take more than linear time, for any text; undefined when it cannot. */
function reasonAgainst({ source, flags }: Pattern): string | undefined {
  const proof = checkSync(withoutFirstAssertions(source), flags, { checker: 'automaton', timeout: null });
  if (proof.status === 'unknown') return `not proven: ${JSON.stringify(proof.error)}`;
  if (proof.status === 'vulnerable') return `${proof.complexity.summary}: ${proof.attack.pattern}`;
  return undefined;
}

/** Strings that repeat what the pattern itself is made of, with something behind them that does not fit. */
function attacksOn({ source }: Pattern): string[] {
  const parts = source.match(/\\.|\w+|[^\w\\]/g) ?? [];
  const texts = parts.map((part) => (/^\\[dswDSWbB]$/.test(part) ? ' ' : part.replace(/^\\/, '')));
  const start = texts.filter((text) => /^[\w:/"]/.test(text)).slice(0, 4);
  return [...new Set([...texts, 'a', '0', ' ', ', ', '\\', '"', 'a.', '\n'])].flatMap((unit) => {
    const body = unit.repeat(Math.ceil(ATTACK_CHARACTERS / unit.length));
    return [`${body}\u0000`, `${start.join('')}${body}\u0000`];
  });
}

const arena = createContext({ expression: / /, text: '' });
const attack = new Script('text.replace(expression, "")');

/** The first attack that the pattern does not survive: it finds how often a search goes on after a match, too. */
function attackThatLasts(pattern: Pattern): string | undefined {
  arena.expression = new RegExp(pattern.source, pattern.flags);
  return attacksOn(pattern).find((text) => {
    arena.text = text;
    try {
      attack.runInContext(arena, { timeout: PATIENCE_MS });
      return false;
    } catch {
      return true;
    }
  });
}

t.test('no regular expression takes more than linear time', async (t) => {
  const { app } = await buildApi(t);
  const routes: Pattern[] = [];
  app.addHook('onRoute', ({ url }) => {
    const [, source] = /:\w+(\(.*\))/.exec(url) ?? [];
    if (source) routes.push({ where: url, source: `^${source}$`, flags: '' });
  });
  await app.ready();
  const findings = sourceFiles().map((file) =>
    file.endsWith('py') ? readPython(file) : readTypeScript(file),
  );
  t.same([...new Set(findings.flatMap(({ computed }) => computed))].sort(), COMPUTED);

  const groups: Record<string, Pattern[]> = {
    OpenAPI: patternsOf(app.swagger(), 'OpenAPI'),
    AsyncAPI: patternsOf(createAsyncApi({ stream: StreamQuery, poll: PollQuery }), 'AsyncAPI'),
    claims: patternsOf(Claims, 'claims'),
    settings: patternsOf(SETTINGS, 'settings'),
    routes,
    sources: findings.flatMap(({ patterns }) => patterns),
  };
  for (const [name, patterns] of Object.entries(groups)) t.ok(patterns.length > 0, `${name} has some`);
  const distinct = new Map(
    Object.values(groups).flatMap((patterns) =>
      patterns.map((each) => [`/${each.source}/${each.flags}`, each]),
    ),
  );
  for (const [name, pattern] of distinct) {
    t.equal(reasonAgainst(pattern), undefined, `${pattern.where}: ${name}`);
    t.equal(attackThatLasts(pattern)?.slice(0, 80), undefined, `${pattern.where}: ${name}`);
  }
});

t.test('what is dangerous is recognised', async (t) => {
  for (const source of [
    '^(?:(?:"a")?(?:,(?:"a")?)*)*$',
    '^(?:a|a)*$',
    'a+$',
    '^a*a*b',
    '(a)\\1*$',
    '(?=a*b)a',
  ]) {
    t.not(reasonAgainst({ where: '', source, flags: '' }), undefined, source);
  }
  t.not(
    attackThatLasts({ where: '', source: 'a[^b]*b|a', flags: 'g' }),
    undefined,
    'linear, but once for each match',
  );
});
