/** Characters of a password, at least and at most. */
export const SHORTEST = 12;
export const LONGEST = 128;
