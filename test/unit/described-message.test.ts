/** Received Buffers with `sid` and so on: what a program sees of them. */
import { inspect } from 'node:util';

import { describe as described } from '#lib/messages/described';

const info = { sid: 3, ppid: 46, unordered: false, context: 0 };

test('they show it, as Buffers show properties of their own', () => {
  const message = described(Buffer.from('hi'), info);
  expect(inspect(message)).toBe('<Buffer 68 69, sid: 3, ppid: 46, unordered: false, context: 0>');
  expect(inspect([message], { colors: true })).toContain('sid: \u001b[33m3\u001b[39m');
  message.sid = 4;
  expect(inspect({ message })).toContain('<Buffer 68 69, sid: 4,');
});

test('they are Buffers in everything else', () => {
  const message = described(Buffer.from('hi'), info);
  expect(message).toBeInstanceOf(Buffer);
  expect(message.constructor).toBe(Buffer);
  expect(message.equals(Buffer.from('hi'))).toBe(true);
  expect(JSON.stringify(message)).toBe('{"type":"Buffer","data":[104,105]}');
  expect('sid' in message.subarray(1)).toBe(false);
});
