import { addToCart } from './cart.js';
import { menu } from './catalog.js';
import { DISCOUNT_FROM } from './discount.js';
import { createInvoice, printInvoice } from './invoice.js';
import { formatMoney } from './money.js';

const cart = addToCart(addToCart([], 'sencha', 2), 'oolong');

console.log(menu());
console.log(`\nA discount from ${formatMoney(DISCOUNT_FROM)} upwards.\n`);
console.log(printInvoice(createInvoice(cart)));
