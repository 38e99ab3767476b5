export const minorUnits = 100;
