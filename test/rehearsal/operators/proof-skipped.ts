import { blinded, brokenOperator } from './broken-operator';

/** Predicted: I1, where rows of the target are altered once every row has been compared. */
brokenOperator(blinded);
