export const pretend = true;
