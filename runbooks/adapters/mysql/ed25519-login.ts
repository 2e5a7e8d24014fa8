import { createHash } from 'node:crypto';
import type { AuthPlugin } from 'mysql2';

/**
 * MariaDB's plugin client_ed25519, which the driver does not bring: a signature of the server's 32 random bytes. It is
 * Ed25519 (RFC 8032) but for one thing: the key is the SHA-512 of the password of any length, where the RFC takes 32 bytes.
 * That keeps Node's own Ed25519 from being used.
 */
export function ed25519Login(password: string): AuthPlugin {
  return () => (scramble) => sign(scramble.subarray(0, 32), Buffer.from(password, 'utf8'));
}

const prime = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (value: bigint, modulus = prime): bigint => ((value % modulus) + modulus) % modulus;

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
const inverse = (value: bigint): bigint => power(value, prime - 2n);

const twiceD = mod(2n * -121665n * inverse(121666n));

/** Extended coordinates X, Y, Z, T (RFC 8032, 5.1.4). */
type Point = readonly [bigint, bigint, bigint, bigint];
const neutral: Point = [0n, 1n, 1n, 0n];

function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(t1 * twiceD * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

const baseX = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const baseY = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;
const base: Point = [baseX, baseY, 1n, mod(baseX * baseY)];

function encodedMultiple(scalar: bigint): Buffer {
  let [result, double] = [neutral, base];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, double);
    double = add(double, double);
  }
  const [x, y, z] = result;
  const inverseZ = inverse(z);
  return littleEndian(mod(y * inverseZ) | ((mod(x * inverseZ) & 1n) << 255n));
}

const littleEndian = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
const number = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const sha512 = (...parts: readonly Buffer[]): Buffer => createHash('sha512').update(Buffer.concat(parts)).digest();

function sign(message: Buffer, password: Buffer): Buffer {
  const key = sha512(password);
  const secret = Buffer.from(key.subarray(0, 32));
  secret[0] = (secret[0] as number) & 248;
  secret[31] = ((secret[31] as number) & 63) | 64;
  const scalar = number(secret);
  const nonce = mod(number(sha512(key.subarray(32), message)), order);
  const commitment = encodedMultiple(nonce);
  const challenge = mod(number(sha512(commitment, encodedMultiple(scalar), message)), order);
  return Buffer.concat([commitment, littleEndian(mod(nonce + challenge * scalar, order))]);
}
