/** What a command exits with that did its work and found something wrong. */
export const DIFFERENCE = 3;

/** Stands below the help of every command. */
export const EXIT_CODES = `
Exit codes:
  0  done
  1  refused, wrong or failed; stderr says why
  ${DIFFERENCE}  done, and something is wrong: rows were refused, or events, rows or files are not as they were`;
