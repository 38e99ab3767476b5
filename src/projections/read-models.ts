/** All read models: what the projector runs, a rebuild empties, and `?after=` waits for. */
import { apiKeysProjection } from './api-keys.js';
import { branchSetupsProjection } from './branch-setups.js';
import { branchesProjection } from './branches.js';
import { contactsProjection } from './contacts.js';
import { customersProjection } from './customers.js';
import { invoicesProjection } from './invoices.js';
import { linksProjection } from './links.js';
import { owedProjection } from './owed.js';
import { paymentHistoryProjection } from './payment-rows.js';
import { reminderSettingsProjection } from './reminder-settings.js';
import type { Projection } from './projection.js';
import { webhookEndpointsProjection } from './webhook-endpoints.js';
import { usersProjection } from './users.js';
import { textsProjection } from './texts.js';

export const READ_MODELS: readonly Projection[] = [
  invoicesProjection,
  linksProjection,
  paymentHistoryProjection,
  branchesProjection,
  reminderSettingsProjection,
  branchSetupsProjection,
  apiKeysProjection,
  owedProjection,
  webhookEndpointsProjection,
  usersProjection,
  contactsProjection,
  customersProjection,
  textsProjection,
];
