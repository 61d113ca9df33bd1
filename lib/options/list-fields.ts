/** Kinds of option fields that are lists, and keys. */
import { didYouMean, invalidArgType, invalidArgValue, outOfRange, secretArgType } from '../errors';
import { UINT16 } from '../validate';
import type { FieldKind } from './fields';
import { Secret } from './secret';

/**
 * A list of numbers, some of which have names.
 * @param Elements what the kernel has them as
 */
export function listOf(
  unit: string,
  names: Readonly<Record<string, number>>,
  Elements: Uint8ArrayConstructor | Uint16ArrayConstructor,
): FieldKind {
  const max = 2 ** (8 * Elements.BYTES_PER_ELEMENT) - 1;
  const known = Object.keys(names)
    .map((name) => `'${name}'`)
    .join(', ');
  const numberOf = (name: string, value: unknown): number => {
    if (typeof value === 'string' && Object.hasOwn(names, value)) return names[value] as number;
    if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max) {
      return value as number;
    }
    const hint = didYouMean(value, Object.keys(names));
    throw invalidArgValue(name, value, `must be one of ${known}, or 0 to ${String(max)}${hint}`);
  };
  return {
    unit,
    toNative(name, value) {
      if (!Array.isArray(value)) throw invalidArgType(name, 'an instance of Array', value);
      const given = value as unknown[];
      if (given.length === 0) throw invalidArgValue(name, value, 'must hold at least one of them');
      const twice = 'has one of them twice';
      if (given.length > max + 1) throw invalidArgValue(name, value, twice);
      // Unlike map() it sees holes.
      const numbers = Array.from(given, (item, i) => numberOf(`${name}[${String(i)}]`, item));
      if (new Set(numbers).size < numbers.length) throw invalidArgValue(name, value, twice);
      return Elements.from(numbers);
    },
    fromNative: (value) =>
      Array.from(
        value as Uint8Array | Uint16Array,
        (number) => Object.keys(names).find((name) => names[name] === number) ?? number,
      ),
    keep: (value) => [...(value as unknown[])],
  };
}

/** Bytes that are never shown. */
export const secretBytes: FieldKind = {
  unit: 'bytes',
  isSecret: true,
  toNative(name, value) {
    if (value instanceof Secret) return value.reveal(name);
    if (!ArrayBuffer.isView(value)) {
      throw secretArgType(name, 'an instance of Buffer, TypedArray, or DataView', value);
    }
    const { buffer, byteOffset, byteLength } = value;
    if (byteLength < 1 || byteLength > UINT16) {
      throw outOfRange(`${name}.byteLength`, `>= 1 && <= ${String(UINT16)}`, byteLength);
    }
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
  fromNative: () => undefined,
  keep: (value) =>
    value instanceof Secret ? value : new Secret(secretBytes.toNative('key', value) as Uint8Array),
};
