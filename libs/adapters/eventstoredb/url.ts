const OPTIONS = [
  'tls',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
  'nodePreference',
  'maxDiscoverAttempts',
  'discoveryInterval',
  'gossipTimeout',
  'defaultDeadline',
  'keepAliveInterval',
  'keepAliveTimeout',
  'connectionName',
  'throwOnAppendFailure',
];
const KNOWN = new Set(OPTIONS.map((option) => option.toLowerCase()));

/**
 * Of an option it does not know the client prints the whole string, password included: so it never sees one.
 * @throws Error naming the variable, never its value
 */
export function assertConnectionString(url: string): void {
  // The same reading as the client's: everything before the last @ of the beginning are credentials.
  const [, query = ''] = /^[^:]+:\/\/(?:[^:]+:[^@]+@)?[^?]*\?(.*)$/s.exec(url.trim()) ?? [];
  for (const option of query.split('&').filter((part) => part !== '')) {
    const [key = ''] = option.split('=');
    if (!KNOWN.has(key.trim().toLowerCase().replaceAll(/[_-]/g, ''))) {
      throw new Error(
        `EVENTSTOREDB_URL has an option that is not known here; known are ${OPTIONS.join(', ')}`,
      );
    }
  }
}
