export const decideVoid = (): string => 'InvoiceVoided';
