/** What a start prints for whoever sits before it. */
import type { Config, Environment } from '../infrastructure/config.js';
import type { LocalSignIn } from './local-admin.js';

/**
 * The addresses, as lines that a shell understands: the tour of the README takes `API`, `KEY` and `INBOX` from them. The key, and
 * the sign-in to the portal, are shown only where they were made for this machine.
 */
export function announcement(config: Config, environment: Environment, signIn: LocalSignIn | undefined): string {
  const { publicUrl, port, sandboxPort, adminApiKey } = config;
  const keyWasMade = !environment['ADMIN_API_KEY'] && !environment['ADMIN_API_KEY_FILE'];
  const inbox = ['SMTP_URL', 'TWILIO_ACCOUNT_SID'].some((name) => !environment[name] && !environment[`${name}_FILE`]);
  const local = `http://localhost:${port}`;
  const lines = ['', `Paylink Ledger is ready at ${publicUrl}`, ''];
  if (signIn) lines.push(`  Portal (this opens it, once)              ${signIn.url}`);
  if (inbox) lines.push(`  Inbox (emails and texts that were sent)   http://localhost:${sandboxPort}/`);
  lines.push(`  API, and how to use it                    ${local}/api/docs`);
  lines.push('', 'To follow the tour in README.md:', '');
  lines.push(`  export API=${local}/api/v1`);
  if (keyWasMade) lines.push(`  export KEY=${adminApiKey}`);
  if (signIn) {
    lines.push(`  export PORTAL=${signIn.url}`);
    // Where another provider looks after the sign-in there are no passwords.
    if (config.oidc === undefined)
      lines.push(`  export STAFF_EMAIL=${signIn.email}`, `  export STAFF_PASSWORD=${signIn.password}`);
  }
  if (inbox) lines.push(`  export INBOX=http://localhost:${sandboxPort}`);
  lines.push('', 'Ctrl-C stops everything; the data stay in DATA_DIR.', '');
  return lines.join('\n');
}
