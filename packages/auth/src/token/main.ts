import { ConfigError } from '@dronecast/runtime';
import { checkSecret } from '../settings.js';
import { signToken } from '../sign-token.js';
import { loadConfig } from './config.js';
import { HELP, parseOptions, UsageError } from './options.js';

try {
  const options = parseOptions(process.argv.slice(2));
  if (!options) process.stdout.write(HELP);
  else {
    const config = loadConfig(process.env);
    const { secret = config.JWT_SECRET, ...content } = options;
    if (!secret) throw new UsageError('JWT_SECRET, JWT_SECRET_FILE or --secret is required');
    const { JWT_ISSUER: iss, JWT_AUDIENCE: aud } = config;
    console.log(await signToken({ ...content, iss, aud }, checkSecret(secret)));
  }
} catch (error) {
  if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
  console.error(`token: ${error.message}`);
  process.exitCode = 1;
}
