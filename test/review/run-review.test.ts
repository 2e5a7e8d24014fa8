import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runReview } from '../../review/run-review';
import { removeTemporaryFolders, temporaryFolder } from '../temporary-folder';
import { assembly } from './assembly';

afterAll(removeTemporaryFolders);

const bucket = { s: { Resources: { R: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' } } } };
const nothing = { s: { Resources: {} } };
const review = (head: typeof bucket | typeof nothing, accepted: object = {}) => {
  const acceptedFile = join(temporaryFolder(), 'accepted-dangers.json');
  writeFileSync(acceptedFile, JSON.stringify(accepted));
  const written: string[] = [];
  const code = runReview({ base: assembly(bucket), head: assembly(head), acceptedFile }, (text) => written.push(text));
  return { code, text: written.join('') };
};

describe('the outcome of a review', () => {
  it('is 0 when nothing changes, and says so', () => {
    expect(review(bucket)).toEqual({ code: 0, text: expect.stringContaining('Nothing changes.') as string });
  });

  it('is 3 on a danger that nobody accepted', () => {
    const { code, text } = review(nothing);
    expect(code).toBe(3);
    expect(text).toContain('**1 dangerous change, 1 not accepted.**');
    expect(text).toContain('`stateful-removed e/s R`');
  });

  it('is 0 when it is accepted by name, with a reason', () => {
    expect(review(nothing, { 'stateful-removed e/s R': 'moved to another stack' }).code).toBe(0);
  });

  it('is 3 when only another danger is accepted', () => {
    expect(review(nothing, { 'stateful-removed e/s Other': 'moved to another stack' }).code).toBe(3);
  });
});
