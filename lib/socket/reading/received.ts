/** Messages on their way through Readable's buffer. */
import type { MessageInfo } from '../../../types/messages';

/** As for UTF-8, what is no whole character appears as U+FFFD. */
export function decode(message: Buffer, encoding: BufferEncoding): string {
  const isUtf16 = ['ucs2', 'ucs-2', 'utf16le', 'utf-16le'].includes(encoding);
  return message.toString(encoding) + (isUtf16 && message.length % 2 === 1 ? '\ufffd' : '');
}

/** Whether a chunk is a message as a Socket delivers it. */
export function isReceived(chunk: unknown): boolean {
  const { unordered, context } = chunk as Partial<MessageInfo>;
  return typeof unordered === 'boolean' && typeof context === 'number';
}
