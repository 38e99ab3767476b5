export const application = 'wired';
