/** Makes a link for nobody in particular and puts it on the clipboard, or shows it to be copied where that is refused. */
import { post } from './portal-dialog.js';
import { toast } from './portal-shell.js';

/** @param {string} invoiceId @param {HTMLElement} opener */
export async function copyLink(invoiceId, opener) {
  const fields = new URLSearchParams({ cause: crypto.randomUUID() });
  const { ok, body } = await post(`/staff/invoices/${invoiceId}/copy-link`, fields);
  if (!ok) {
    toast(body?.detail ?? 'The service did not answer. Try again.', { bad: true });
    return;
  }
  try {
    await navigator.clipboard.writeText(body.url);
    toast('The link is on the clipboard. Whoever has it can pay the invoice.');
  } catch {
    showToCopy(body.url, opener);
  }
  document.dispatchEvent(new CustomEvent('portal:done', { detail: { position: body.position } }));
}

/** @param {string} url @param {HTMLElement} opener */
function showToCopy(url, opener) {
  toast('The browser keeps the clipboard to itself. Copy the link from here:');
  const field = document.createElement('input');
  field.className = 'field';
  field.readOnly = true;
  field.value = url;
  field.setAttribute('aria-label', 'Link');
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') opener.focus();
  });
  document.querySelector('.toast p')?.after(field);
  field.select();
}
