export const decideRefund = (): string => 'refunded';
