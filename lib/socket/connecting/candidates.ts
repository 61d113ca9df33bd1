/**
 * Which addresses to set up an association with, and in what order: each of a group once as the
 * first, since behind a name may be one that nobody listens on. Another group is another association.
 */
export class Candidates {
  #groups: (readonly string[])[];
  /** How many of the present group have been refused as the first. */
  #refused = 0;
  /** How many groups have not answered. */
  #unanswered = 0;

  constructor(groups: readonly (readonly string[])[]) {
    this.#groups = groups.filter((group) => group.length > 0);
  }

  get areAny(): boolean {
    return this.#groups.length > 0;
  }

  /** The present ones, with the one to try first in front. */
  get current(): readonly string[] {
    const [group = []] = this.#groups;
    if (this.#refused === 0) return group;
    return [...group.slice(this.#refused), ...group.slice(0, this.#refused)];
  }

  /** The first of the present ones does not want an association. @returns whether others are left */
  refuse(): boolean {
    const [group = []] = this.#groups;
    return ++this.#refused < group.length || this.giveUp();
  }

  /** There is no hope for the present ones. @returns whether others are left */
  giveUp(): boolean {
    if (this.#groups.length < 2) return false;
    this.#groups.shift();
    this.#refused = 0;
    return true;
  }

  /** None of the present ones has answered: the next group is tried, and later this one again. */
  postpone(): void {
    const [group = [], ...others] = this.#groups;
    this.#groups = [...others, group];
    this.#refused = 0;
    this.#unanswered++;
  }

  /**
   * How long to wait for the present ones, where there are others.
   * @param initialRto milliseconds for which the kernel waits for each of them
   */
  timeToAnswer(initialRto: number): number | undefined {
    const count = this.#groups.length;
    if (count < 2) return undefined;
    return initialRto * this.current.length * 2 ** Math.floor(this.#unanswered / count);
  }
}
