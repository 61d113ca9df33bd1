/** A key on its way to the kernel: a private copy, never shown, wiped after use. */
import { secretUsed } from '../errors';
import { isObject } from '../validate';
import { isCommon } from './common';

export class Secret {
  #bytes: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    // Outside the JavaScript heap, whose collector moves objects and leaves copies.
    this.#bytes = new Uint8Array(new ArrayBuffer(bytes.length));
    this.#bytes.set(bytes);
  }

  /** @throws ERR_SCTP_OPTION once it is wiped */
  reveal(name: string): Uint8Array {
    if (this.#bytes) return this.#bytes;
    throw secretUsed(name);
  }

  wipe(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }
}

/** Wipes the keys in options that are no longer needed. */
export function wipeSecrets(options: object): void {
  if (isCommon(options)) return;
  for (const value of Object.values(options) as unknown[]) {
    if (!isObject(value)) continue;
    for (const field of Object.values(value)) if (field instanceof Secret) field.wipe();
  }
}
