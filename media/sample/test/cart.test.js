import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addToCart, subtotal } from '../src/cart.js';

describe('cart', () => {
  it('adds up what is in it', () => {
    const cart = addToCart(addToCart([], 'sencha', 2), 'assam');
    assert.equal(subtotal(cart), 2 * 890 + 650);
  });

  it('keeps one line for each tea', () => {
    const cart = addToCart(addToCart([], 'oolong'), 'oolong', 3);
    assert.deepEqual(cart, [{ id: 'oolong', quantity: 4 }]);
  });

  it('refuses teas that are not on the menu', () => {
    assert.throws(() => addToCart([], 'coffee'), /no tea "coffee"/);
  });
});
