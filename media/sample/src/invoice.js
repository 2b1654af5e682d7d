import { lineTotal, subtotal } from './cart.js';
import { findTea } from './catalog.js';
import { discountFor } from './discount.js';
import { formatMoney } from './money.js';

const SHIPPING = 490;
const FREE_SHIPPING_FROM = 4000;

/**
 * @typedef {object} Invoice
 * @property {readonly { name: string, quantity: number, total: number }[]} lines
 * @property {number} discount in cents
 * @property {number} shipping in cents
 * @property {number} total in cents
 */

/**
 * The invoice of a cart.
 * @param {import('./cart.js').Cart} cart
 * @returns {Invoice}
 */
export function createInvoice(cart) {
  const discount = discountFor(subtotal(cart));
  const goods = subtotal(cart) - discount;
  const shipping = goods >= FREE_SHIPPING_FROM ? 0 : SHIPPING;
  return {
    lines: cart.map((line) => ({ name: findTea(line.id).name, quantity: line.quantity, total: lineTotal(line) })),
    discount,
    shipping,
    total: goods + shipping,
  };
}

/**
 * An invoice as text, ready to print.
 * @param {Invoice} invoice
 */
export function printInvoice(invoice) {
  const row = (/** @type {string} */ label, /** @type {number} */ cents) => `${label.padEnd(24)}${formatMoney(cents).padStart(10)}`;
  return [
    ...invoice.lines.map((line) => row(`${line.quantity} x ${line.name}`, line.total)),
    ...(invoice.discount === 0 ? [] : [row('Discount', -invoice.discount)]),
    row('Shipping', invoice.shipping),
    row('Total', invoice.total),
  ].join('\n');
}
