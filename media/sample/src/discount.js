import { percentOf } from './money.js';

/** Orders of this many cents and more get a discount. */
export const DISCOUNT_FROM = 5000;

const DISCOUNT_PERCENT = 10;

/**
 * What an order gets off, in cents: ten percent from 50.00 upwards, nothing below.
 * @param {number} amount in cents
 */
export function discountFor(amount) {
  if (amount > DISCOUNT_FROM) {
    return percentOf(amount, DISCOUNT_PERCENT);
  }
  return 0;
}
