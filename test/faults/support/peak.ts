const EVERY_MS = 10;

/**
 * Follows what this process has resident from now on; what it gives says the most, in bytes.
 * The system's own peak would count the process that started this one.
 */
export function peak(): () => number {
  let most = 0;
  const sample = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  sample();
  const sampling = setInterval(sample, EVERY_MS);
  return () => {
    clearInterval(sampling);
    sample();
    return most;
  };
}
