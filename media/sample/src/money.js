/**
 * That many percent of an amount, in whole cents.
 * @param {number} cents
 * @param {number} percent
 */
export function percentOf(cents, percent) {
  return Math.round((cents * percent) / 100);
}

/**
 * An amount as text: 1250 becomes "12.50".
 * @param {number} cents
 */
export function formatMoney(cents) {
  const sign = cents < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(cents) / 100);
  const rest = Math.abs(cents) % 100;
  return `${sign}${whole}.${String(rest).padStart(2, '0')}`;
}
