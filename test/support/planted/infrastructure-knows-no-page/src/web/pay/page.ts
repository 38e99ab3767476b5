export const page = '<p>Invoice</p>';
