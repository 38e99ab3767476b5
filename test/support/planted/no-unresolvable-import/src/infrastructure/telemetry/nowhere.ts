// @ts-expect-error The module is missing on purpose.
import { nothing } from './no-such-file.js';

export const nowhere: unknown = nothing;
