export const fixture = 'row';
