import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discountFor } from '../src/discount.js';

describe('discount', () => {
  it('is nothing for small orders', () => {
    assert.equal(discountFor(4999), 0);
  });

  it('is ten percent of large orders', () => {
    assert.equal(discountFor(12_000), 1200);
  });

  it('begins at exactly 50.00', () => {
    assert.equal(discountFor(5000), 500);
  });
});
