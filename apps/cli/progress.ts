/** Not more often, in milliseconds: a terminal far away is slow. */
const EVERY_MS = 200;

/** Says on a terminal how far something has come, how fast, and how long it will take. Elsewhere it says nothing. */
export function progressOn(terminal: NodeJS.WriteStream): {
  at: (done: number, of: number) => void;
  end: () => void;
} {
  const began = Date.now();
  let last = 0;
  const at = (done: number, of: number): void => {
    const now = Date.now();
    if (!terminal.isTTY || now - last < EVERY_MS) return;
    last = now;
    const rate = done / Math.max((now - began) / 1000, 0.001);
    const left = clock(Math.round((of - done) / Math.max(rate, 0.001)));
    const share = Math.floor((done / Math.max(of, 1)) * 100);
    terminal.write(`\r\u001b[K${done}/${of} rows  ${share} %  ${Math.round(rate)} rows/s  ${left} left`);
  };
  return { at, end: () => last > 0 && terminal.write('\r\u001b[K') };
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
