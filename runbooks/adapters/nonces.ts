import { randomBytes } from 'node:crypto';
import type { Nonces } from '../ports/clock';

/** 128 random bits as hexadecimal text: fits into names, TXT records and SQL without quoting. */
export const randomNonces: Nonces = { next: () => randomBytes(16).toString('hex') };
