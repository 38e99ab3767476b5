import { minorUnits } from '../../domain/minor-units.js';

export const amounts = [minorUnits];
