export const banner = 'Test: no money moves';
