import { page } from '../../web/pay/page.js';

export const mail = page;
