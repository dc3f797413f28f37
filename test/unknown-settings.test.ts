import { readFileSync } from 'node:fs';
import { reportUnknownSettings } from '@dronecast/runtime';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { Config as Api } from '../apps/api/src/config.js';
import { Config as Relay } from '../apps/relay/src/config.js';
import { Config as Standalone } from '../apps/standalone/src/config.js';
import { testFolder } from './support/folder.js';
import { startProcess } from './support/process.js';

const APPS = { api: Api, relay: Relay, standalone: Standalone };
type App = keyof typeof APPS;

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

function report(app: App, env: Record<string, string>): string[] {
  const lines: string[] = [];
  reportUnknownSettings(APPS[app], env, { warn: (line: unknown) => void lines.push(String(line)) });
  return lines;
}

t.test('a misspelt setting is reported, with the one that was meant', async (t) => {
  const common = {
    LOG_LEVLE: 'LOG_LEVEL',
    LOGLEVEL: 'LOG_LEVEL',
    log_level: 'LOG_LEVEL',
    'LOG-LEVEL': 'LOG_LEVEL',
    Port: 'PORT',
    PROT: 'PORT',
    HSOT: 'HOST',
    CORS_ORIGIN: 'CORS_ORIGINS',
    CORS_ORGINS: 'CORS_ORIGINS',
    ALLOWED_HOST: 'ALLOWED_HOSTS',
    ALOWED_HOST: 'ALLOWED_HOSTS',
    AUTHMODE: 'AUTH_MODE',
    JWT_SECERT: 'JWT_SECRET',
    JWT_SECRET_FILES: 'JWT_SECRET_FILE',
    JWT_SECRETFILE: 'JWT_SECRET_FILE',
    JWKS_URI: 'JWKS_URL',
    TRUST_PROXIES: undefined,
    RATE_LIMITS_PER_MINUTE: 'RATE_LIMIT_PER_MINUTE',
    DRONECAST_PORT: 'PORT',
    DRONECAST_LOG_LEVEL: 'LOG_LEVEL',
  };
  const history = {
    HISTORY_MAX_EVENT: 'HISTORY_MAX_EVENTS',
    HISTORY_MAXEVENTS: 'HISTORY_MAX_EVENTS',
    MAX_HISTORY_EVENTS: 'HISTORY_MAX_EVENTS',
    HISTORY_MAX_BYTE: 'HISTORY_MAX_BYTES',
    CREDENTIAL_KEY: 'CREDENTIALS_KEY',
    CREDENTIALS_KEYS: 'CREDENTIALS_KEY',
    RELAY_PUBLIC_URI: 'RELAY_PUBLIC_URL',
  };
  const redis = { REDIS_URI: 'REDIS_URL', REDIS_NODE: 'REDIS_NODES', REDIS_TIMEOUT: undefined };
  const peers = {
    MAX_PEER: 'MAX_PEERS',
    PEER_BUFFERS_BYTES: 'PEER_BUFFER_BYTES',
    HEARTBEATS_MS: 'HEARTBEAT_MS',
    DRAINMS: 'DRAIN_MS',
  };
  const cases: Record<App, Record<string, string | undefined>> = {
    api: { ...common, ...history, ...redis, MONGODB_URI: 'MONGODB_URL', MONGO_URL: 'MONGODB_URL' },
    relay: { ...common, ...redis, ...peers },
    standalone: { ...common, ...history, ...peers, DATADIR: 'DATA_DIR', DATA_DIRS: 'DATA_DIR' },
  };
  for (const [app, names] of Object.entries(cases)) {
    for (const [name, meant] of Object.entries(names)) {
      const line = `${name} is not a setting. Did you mean ${meant}?`;
      t.same(report(app as App, { [name]: 'a' }), meant === undefined ? [] : [line], `${app} ${name}`);
    }
  }
  t.same(report('api', { REDIS_URI: 'a', REDIS_URL: 'b' }), [], 'the setting is there too');
  t.match(report('api', { CORS_ORIGIN: 'a', CORS_ORIGINS: '' }), [/CORS_ORIGINS\?$/], 'it is blank');
});

/** Each service as Kubernetes and Docker tell containers of it. */
const linksTo = (services: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    services.flatMap((name) => [
      [`${name}_SERVICE_HOST`, '10.0.0.1'],
      [`${name}_SERVICE_PORT`, '6379'],
      [`${name}_SERVICE_PORT_HTTP`, '6379'],
      [`${name}_PORT`, 'tcp://10.0.0.1:6379'],
      [`${name}_PORT_6379_TCP`, 'tcp://10.0.0.1:6379'],
      [`${name}_PORT_6379_TCP_PROTO`, 'tcp'],
      [`${name}_PORT_6379_TCP_PORT`, '6379'],
      [`${name}_PORT_6379_TCP_ADDR`, '10.0.0.1'],
    ]),
  );

t.test('what else an environment holds is not reported', async (t) => {
  const settings = Object.values(APPS).flatMap((schema) => Object.keys(schema.properties));
  const { services } = parse(read('docker-compose.yml'), { merge: true });
  const cluster = parseAllDocuments(read('k8s/base/settings.yaml')).map((document) => document.toJS().data);
  const names = [
    ...settings.flatMap((name) => [name, `${name}_FILE`]),
    ...[...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name ?? ''),
    ...Object.values<{ environment?: object }>(services).flatMap(({ environment = {} }) =>
      Object.keys(environment),
    ),
    ...cluster.flatMap((data) => Object.keys(data ?? {})),
    ...[
      'PATH',
      'HOME',
      'HOSTNAME',
      'LANG',
      'LANGUAGE',
      'LC_ALL',
      'LC_CTYPE',
      'TERM',
      'PWD',
      'OLDPWD',
      'SHLVL',
      'SHELL',
      '_',
    ],
    ...[
      'USER',
      'LOGNAME',
      'TZ',
      'TMPDIR',
      'TMP',
      'TEMP',
      'EDITOR',
      'DISPLAY',
      'HOSTTYPE',
      'OSTYPE',
      'MAIL',
      'COLUMNS',
      'LINES',
    ],
    ...[
      'NODE_VERSION',
      'NODE_OPTIONS',
      'NODE_PATH',
      'NODE_EXTRA_CA_CERTS',
      'NODE_NAME',
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'YARN_VERSION',
    ],
    ...[
      'npm_config_loglevel',
      'npm_config_registry',
      'npm_package_name',
      'npm_lifecycle_event',
      'npm_execpath',
      'INIT_CWD',
      'PNPM_HOME',
    ],
    ...[
      'http_proxy',
      'https_proxy',
      'no_proxy',
      'HTTP_PROXY',
      'HTTPS_PROXY',
      'NO_PROXY',
      'ALL_PROXY',
      'SSL_CERT_FILE',
      'SSL_CERT_DIR',
    ],
    ...[
      'POD_NAME',
      'POD_IP',
      'POD_NAMESPACE',
      'HOST_IP',
      'HOSTIP',
      'NAMESPACE',
      'SERVICE_ACCOUNT',
      'CONTAINER',
      'container',
    ],
    ...[
      'REDIS_HOST',
      'REDIS_PASSWORD',
      'REDIS_USER',
      'REDIS_DB',
      'REDIS_NAME',
      'REDIS_TLS',
      'REDISCLI_AUTH',
      'REDIS_VERSION',
    ],
    ...[
      'MONGO_HOST',
      'MONGODB_HOST',
      'MONGODB_USER',
      'MONGODB_PASSWORD',
      'MONGODB_DATABASE',
      'MONGO_INITDB_ROOT_USERNAME',
    ],
    ...[
      'OTEL_SERVICE_NAME',
      'OTEL_RESOURCE_ATTRIBUTES',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'OTEL_SDK_DISABLED',
    ],
    ...[
      'OTEL_EXPORTER_OTLP_TIMEOUT',
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      'OTEL_EXPORTER_OTLP_INSECURE',
      'OTEL_LOG_LEVEL',
    ],
    ...[
      'DRONECAST_URL',
      'DRONECAST_TOKEN',
      'DRONECAST_PYTHON',
      'POST',
      'PORTS',
      'GHOST',
      'COST',
      'DEBUG',
      'CI',
      'SENTRY_DSN',
      'AWS_REGION',
    ],
  ];
  const env = {
    ...Object.fromEntries(names.map((name) => [name, ''])),
    ...linksTo([
      'KUBERNETES',
      'API',
      'RELAY',
      'REDIS',
      'MONGODB',
      'MONGO',
      'DRONECAST',
      'DRONECAST_API',
      'DRONECAST_RELAY',
      'HISTORY',
      'JWKS',
    ]),
  };
  for (const app of Object.keys(APPS)) t.same(report(app as App, env), [], app);
});

t.test('each app logs it once at the start', async (t) => {
  const away = { REDIS_URL: 'redis://127.0.0.1:1', MONGODB_URL: 'mongodb://127.0.0.1:1/dronecast' };
  for (const app of Object.keys(APPS)) {
    const env = { ...away, DATA_DIR: testFolder(t), CORS_ORIGIN: 'https://secret.example.com' };
    const { output, stop } = await startProcess(t, `apps/${app}/dist/server.js`, env);
    await stop();
    const lines = output()
      .split('\n')
      .filter((line) => line.includes('CORS_ORIGIN '));
    t.equal(lines.length, 1, app);
    t.match(JSON.parse(lines[0] ?? '{}'), {
      level: 40,
      msg: 'CORS_ORIGIN is not a setting. Did you mean CORS_ORIGINS?',
    });
    t.notMatch(output(), 'secret.example.com');
  }
});
