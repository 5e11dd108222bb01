/** Returns the path that the address asks to go on to, if it is one of this console; else the first page. */
export function returnTo(search: string): string {
  const wanted = new URLSearchParams(search).get('returnTo') ?? ''
  // A second slash, or a backslash that browsers take for one, would lead to another host.
  return /^\/(?![/\\])/.test(wanted) && !wanted.startsWith('/sign-in') && !wanted.startsWith('/change-password') ? wanted : '/'
}
