import { findTea } from './catalog.js';

/**
 * @typedef {object} CartLine
 * @property {string} id of the tea
 * @property {number} quantity how many bags
 */

/** @typedef {readonly CartLine[]} Cart */

/**
 * A new cart with that many more bags of one tea.
 * @param {Cart} cart
 * @param {string} id
 * @param {number} [quantity]
 * @returns {Cart}
 */
export function addToCart(cart, id, quantity = 1) {
  findTea(id);
  if (quantity < 1) throw new Error('Add at least one bag');
  const before = cart.find((line) => line.id === id);
  if (!before) return [...cart, { id, quantity }];
  return cart.map((line) => (line === before ? { id, quantity: line.quantity + quantity } : line));
}

/**
 * What one line costs, in cents.
 * @param {CartLine} line
 */
export function lineTotal(line) {
  return findTea(line.id).price * line.quantity;
}

/**
 * What the whole cart costs before discount and shipping, in cents.
 * @param {Cart} cart
 */
export function subtotal(cart) {
  return cart.reduce((sum, line) => sum + lineTotal(line), 0);
}
