export type History = readonly string[];

export const history: History = [];
