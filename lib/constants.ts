/** Numbers of the kernel's header <linux/sctp.h>, by its names. */
import { binding } from './binding';

/** What notifications have in `number`, `flags` and `parsed`, and what options have as bits. */
export const constants = Object.freeze({ ...binding.constants });
