import { formatMoney } from './money.js';

/**
 * @typedef {object} Tea
 * @property {string} id
 * @property {string} name
 * @property {number} price in cents, per bag of 100 g
 */

/** @type {readonly Tea[]} */
export const TEAS = [
  { id: 'sencha', name: 'Sencha', price: 890 },
  { id: 'assam', name: 'Assam', price: 650 },
  { id: 'oolong', name: 'Tie Guan Yin', price: 1250 },
  { id: 'rooibos', name: 'Rooibos', price: 500 },
];

/**
 * The tea with that id.
 * @param {string} id
 * @returns {Tea}
 */
export function findTea(id) {
  const tea = TEAS.find((candidate) => candidate.id === id);
  if (!tea) throw new Error(`There is no tea "${id}" on the menu`);
  return tea;
}

/** The menu as text, one tea a line. */
export function menu() {
  return TEAS.map((tea) => `${tea.name.padEnd(16)}${formatMoney(tea.price).padStart(10)}`).join('\n');
}
