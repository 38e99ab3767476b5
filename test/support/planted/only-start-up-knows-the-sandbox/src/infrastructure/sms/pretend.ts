import { pretend } from '../../sandbox/twilio/pretend.js';

export const send = pretend;
