const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use. Stop the other process, or set PORT to another port',
  EACCES: 'this user may not use the port. Set PORT to 1024 or more',
  EADDRNOTAVAIL: 'this machine does not have the address. Set HOST to one that it has',
  ENOTFOUND: 'the name cannot be resolved. Set HOST to an address of this machine',
  EAI_AGAIN: 'the name cannot be resolved. Set HOST to an address of this machine',
};

/** Why a server could not listen, in one line that names the setting. Undefined for any other error. */
export function explainListenError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const {
    code = '',
    syscall,
    address,
    hostname,
    port,
  } = error as NodeJS.ErrnoException & {
    address?: string;
    hostname?: string;
    port?: number;
  };
  const reason = REASONS[code];
  if (reason === undefined || !['listen', 'getaddrinfo'].includes(syscall ?? '')) return undefined;
  const where = address?.includes(':') ? `[${address}]` : (address ?? hostname);
  return `cannot listen on ${where}${port === undefined ? '' : `:${port}`} (${code}): ${reason}`;
}
