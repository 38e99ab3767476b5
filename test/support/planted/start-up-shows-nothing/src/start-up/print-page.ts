import { banner } from '../web/pay/banner.js';

export const printed = banner;
