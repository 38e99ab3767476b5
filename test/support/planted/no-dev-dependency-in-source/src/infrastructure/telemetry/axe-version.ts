import axe from 'axe-core';

export const axeVersion = axe.version;
