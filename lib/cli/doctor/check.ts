/** What the doctor finds, one finding a line. */
export interface Finding {
  /** What was looked at, as a short noun. */
  readonly name: string;
  readonly verdict: 'ok' | 'warning' | 'failure';
  readonly detail: string;
  /** What to do about it, one step each. */
  readonly remedy?: readonly string[];
}

export function ok(name: string, detail: string): Finding {
  return { name, verdict: 'ok', detail };
}

export function warning(name: string, detail: string, ...remedy: string[]): Finding {
  return { name, verdict: 'warning', detail, remedy };
}

export function failure(name: string, detail: string, ...remedy: string[]): Finding {
  return { name, verdict: 'failure', detail, remedy };
}
