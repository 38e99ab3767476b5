import { fixture } from '../../../test/fixture.js';

export const row = fixture;
