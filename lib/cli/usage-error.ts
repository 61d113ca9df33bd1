/** The command line itself is wrong: one line says what to do, and the status is 2. */
export class UsageError extends Error {}
