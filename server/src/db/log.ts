// What the database code needs of a log: two levels, plain text.

/** Takes one line for people. */
export type Log = {
  info(message: string): void;
  warn(message: string): void;
};
