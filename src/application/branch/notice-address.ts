/** Where the processor posts what happened on a branch's own account; `undefined` where it could not reach the service. */
export function noticeAddress(publicUrl: string, branchId: string): string | undefined {
  const url = new URL(`/webhooks/stripe/${branchId}`, publicUrl);
  return url.protocol === 'https:' && !isThisMachine(url.hostname) ? url.href : undefined;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
