/**
 * Makes one piece of a page look like another and touches nothing that is the same already, so that the focus, what was scrolled and
 * what was opened stay as they are. Elements with the same `data-key` beside each other are one and the same thing.
 */

/** What the reader did, which the server does not know of. */
const OWN = new Set(['open']);

/** @param {Element} shown @param {Element} wanted */
export function morph(shown, wanted) {
  morphAttributes(shown, wanted);
  const keyed = new Map(keyedChildren(shown).map((child) => [keyOf(child), child]));
  const stays = new Set(keyedChildren(wanted).map(keyOf));
  let at = shown.firstChild;
  for (const next of [...wanted.childNodes]) {
    while (at !== null && isKeyed(at) && !stays.has(keyOf(at))) at = removed(at);
    const same = isKeyed(next)
      ? keyed.get(keyOf(next))
      : at !== null && !isKeyed(at) && isAlike(at, next)
        ? at
        : undefined;
    if (same === undefined || !isAlike(same, next)) {
      shown.insertBefore(document.importNode(next, true), at);
      continue;
    }
    // What is put elsewhere loses the focus: what has no key, white space above all, makes way instead.
    while (at !== null && at !== same && !isKeyed(at)) at = removed(at);
    if (same === at) at = at.nextSibling;
    else shown.insertBefore(same, at);
    if (same instanceof Element) morph(same, /** @type {Element} */ (next));
    else if (same.nodeValue !== next.nodeValue) same.nodeValue = next.nodeValue;
  }
  while (at !== null) at = removed(at);
}

/** @param {ChildNode} node */
function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/** @param {Node} one @param {Node} other */
function isAlike(one, other) {
  return one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

/** @param {Node} node */
function keyOf(node) {
  return node instanceof Element ? (node.getAttribute('data-key') ?? '') : '';
}

/** @param {Node} node */
function isKeyed(node) {
  return keyOf(node) !== '';
}

/** @param {Element} element */
function keyedChildren(element) {
  return [...element.children].filter(isKeyed);
}

/** @param {Element} shown @param {Element} wanted */
function morphAttributes(shown, wanted) {
  for (const { name } of [...shown.attributes]) {
    if (!OWN.has(name) && !wanted.hasAttribute(name)) shown.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
}
