import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAcceptedDangers } from '../../review/accepted-dangers';
import { removeTemporaryFolders, temporaryFolder } from '../temporary-folder';

afterAll(removeTemporaryFolders);
const file = (text: string) => {
  const path = join(temporaryFolder(), 'accepted-dangers.json');
  writeFileSync(path, text);
  return path;
};

describe('the file of accepted dangers', () => {
  it('gives the reason of each', () => {
    expect(readAcceptedDangers(file('{"ttl-raised e/s R": "before the first switch"}'))).toEqual({
      'ttl-raised e/s R': 'before the first switch',
    });
  });

  it('accepts nothing when it is absent', () => {
    expect(readAcceptedDangers('/nonexistent/accepted-dangers.json')).toEqual({});
  });

  it('is refused when a reason is missing, or when it is not JSON', () => {
    expect(() => readAcceptedDangers(file('{"a b c": " "}'))).toThrow(/accepts "a b c" without a reason/);
    expect(() => readAcceptedDangers(file('accepted: all'))).toThrow(/is not JSON/);
  });
});
