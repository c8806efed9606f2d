/** What is to be reached. A value a round; the median counts. */
export interface Target {
  what: string;
  wanted: string;
  values: number[];
  reached: boolean;
}
