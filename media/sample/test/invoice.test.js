import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addToCart } from '../src/cart.js';
import { createInvoice, printInvoice } from '../src/invoice.js';

describe('invoice', () => {
  it('adds shipping to small orders', () => {
    const invoice = createInvoice(addToCart([], 'assam'));
    assert.deepEqual([invoice.shipping, invoice.total], [490, 1140]);
  });

  it('takes the discount off large orders and ships them free', () => {
    const invoice = createInvoice(addToCart([], 'oolong', 8));
    assert.deepEqual([invoice.discount, invoice.shipping, invoice.total], [1000, 0, 9000]);
  });

  it('prints one line for each tea, and the total', () => {
    const text = printInvoice(createInvoice(addToCart([], 'rooibos', 2)));
    assert.match(text, /^2 x Rooibos +10\.00$/m);
    assert.match(text, /^Total +14\.90$/m);
  });
});
