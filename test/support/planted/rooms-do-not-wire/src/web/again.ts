import { application } from '../app.module.js';

export const again = application;
