/** How often it is said, in milliseconds: what is done sooner says nothing. */
const EVERY_MS = 1000;

/** Tells on stderr how far something has come, how fast it goes and, where its end is known, what is left; whoever reads JSON from a pipe is not told. */
export function progress(what: string, json = false): (done: number, of?: number) => void {
  const { stderr } = process;
  if (json && !stderr.isTTY) return () => undefined;
  const begun = performance.now();
  let [said, first]: [number, number | undefined] = [begun, undefined];
  return (done, of) => {
    const now = performance.now();
    first ??= done;
    if (now - said < EVERY_MS) return;
    said = now;
    const rate = (done - first) / ((now - begun) / 1000);
    const left = of !== undefined && rate > 0 ? `, ${Math.ceil(Math.max(of - done, 0) / rate)} s left` : '';
    const share = of === undefined ? done : `${done} of ${of}`;
    stderr.write(`${what}: ${share}, ${Math.round(rate)}/s${left}\n`);
  };
}
