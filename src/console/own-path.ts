/**
 * A path below `/console` that a request names, such as where to go after the log-in; empty for anything that would lead
 * elsewhere.
 */
export function ownPath(path: unknown): string {
  if (typeof path !== 'string' || path.length > 2000) return '';
  if (!/^\/console(\/[\w\-./~%:@+!]*)?(\?[\w\-./~%:@+!&=,*()]*)?$/.test(path)) return '';
  // A browser takes `\` for `/`, and leaves out steps: what is left after that must still be ours.
  const { origin, pathname, search } = new URL(path, 'http://own.invalid');
  const isOwn = origin === 'http://own.invalid' && /^\/console(\/|$)/.test(pathname) && !pathname.includes('//');
  return isOwn ? pathname + search : '';
}
