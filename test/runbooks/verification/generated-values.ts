import * as fc from 'fast-check';

export const whole = (bits: number, unsigned = false) =>
  fc
    .bigInt(
      unsigned
        ? { min: 0n, max: 2n ** BigInt(bits) - 1n }
        : { min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n },
    )
    .map(String);
export const decimal = (digits: number, scale: number) =>
  fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n }).map((n) => {
    const text = (n < 0n ? -n : n).toString().padStart(scale + 1, '0');
    return `${n < 0n ? '-' : ''}${text.slice(0, text.length - scale)}.${text.slice(text.length - scale)}`;
  });
export const seconds = (min: number, max: number) =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min: 0, max: 999_999 })).map(([at, micros]) =>
    new Date(at * 1000)
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z$/, `.${String(micros).padStart(6, '0')}`),
  );
export const bytes = (min: number, max: number) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((value) => `\\x${Buffer.from(value).toString('hex')}`);
export const text = (max: number) =>
  fc.string({ unit: 'grapheme', maxLength: max }).map((value) => value.replaceAll('\0', ''));
export const trimmedText = text(8).map((value) => value.replace(/ +$/, ''));
export const latin = fc.stringMatching(/^[ -~¡-ÿ]{0,9}$/);
export const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, min: -1e16, max: 1e16 }),
  fc.integer().map((n) => n / 7),
  fc.constantFrom(1e-4, 1e15, 9.999e-5, 999999999999999.9, 5e-324, 1.7976931348623157e308, 0.1),
);
export const json: fc.Arbitrary<string> = fc
  .jsonValue({ maxDepth: 2, stringUnit: 'grapheme' })
  .map((value) => JSON.stringify(value))
  .filter((value) => !/\\u0000|\\ud[89a-f]/i.test(value));
export const ymd = (value: string) => value.slice(0, 10);
export const hms = (value: string) => value.slice(11);
export const instants = seconds(-60_000_000_000, 250_000_000_000);
