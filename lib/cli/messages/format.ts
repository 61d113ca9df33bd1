/** How messages look on stdin and stdout. */
import { UsageError } from '../usage-error';

export const formats = ['lines', 'hex', 'frames', 'raw'] as const;
export type Format = (typeof formats)[number];

export const FORMAT_HELP =
  'How messages are read and written: lines (each line is a message, the default), hex (each line ' +
  'is one in hexadecimal), frames (4 bytes with its length in network order, then the message), ' +
  'raw (what is there is a message; nothing separates them).';

/** A frame that claims more is not a message. */
const LONGEST_FRAME = 67_108_864;
const LENGTH_BYTES = 4;

/** The messages of a byte stream. */
export async function* messagesOf(
  input: AsyncIterable<Buffer | string>,
  format: Format,
): AsyncGenerator<Buffer> {
  if (format === 'raw') {
    for await (const chunk of input) yield Buffer.from(chunk);
  } else if (format === 'frames') {
    yield* framesOf(input);
  } else {
    for await (const line of linesOf(input)) yield format === 'hex' ? fromHex(line) : line;
  }
}

/** A message as bytes for an output stream. */
export function formatted(message: Buffer, format: Format): Buffer {
  switch (format) {
    case 'raw':
      return message;
    case 'hex':
      return Buffer.from(`${message.toString('hex')}\n`);
    case 'frames': {
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(message.length);
      return Buffer.concat([length, message]);
    }
    case 'lines':
      return Buffer.concat([message, Buffer.from('\n')]);
  }
}

/** Without their line feeds; the last one may lack it. */
async function* linesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  const LINE_FEED = 10;
  let pending: Buffer[] = [];
  for await (const chunk of input) {
    let rest = Buffer.from(chunk);
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      yield Buffer.concat([...pending, rest.subarray(0, end)]);
      pending = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) pending.push(rest);
  }
  if (pending.length > 0) yield Buffer.concat(pending);
}

async function* framesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let size = 0;
  let wanted = LENGTH_BYTES;
  let inHeader = true;
  for await (const chunk of input) {
    pending.push(Buffer.from(chunk));
    size += chunk.length;
    while (size >= wanted) {
      const all = Buffer.concat(pending, size);
      const part = all.subarray(0, wanted);
      pending = [all.subarray(wanted)];
      size -= wanted;
      if (inHeader) {
        wanted = part.readUInt32BE();
        if (wanted > LONGEST_FRAME) {
          throw new UsageError(`a frame of ${String(wanted)} bytes is too long`);
        }
      } else {
        yield part;
        wanted = LENGTH_BYTES;
      }
      inHeader = !inHeader;
    }
  }
  if (size > 0 || !inHeader) throw new UsageError('the last frame is incomplete');
}

function fromHex(line: Buffer): Buffer {
  const text = line.toString('latin1').replace(/\s/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) {
    throw new UsageError(`'${line.toString('latin1')}' is not hexadecimal`);
  }
  return Buffer.from(text, 'hex');
}
