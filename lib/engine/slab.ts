/** Memory that packets or messages share. */
import { markAsUntransferable } from 'node:worker_threads';

export class Slab {
  bytes = Buffer.alloc(0);
  used = 0;

  constructor(readonly size: number) {}

  /** Room for `bytes` in one piece. */
  reserve(bytes: number): void {
    if (this.bytes.length - this.used >= bytes) return;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(this.size, bytes));
    markAsUntransferable(this.bytes.buffer); // one packet or message must not take the others along
    this.used = 0;
  }
}
