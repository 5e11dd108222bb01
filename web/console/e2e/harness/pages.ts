/** A page of the console that a test opens. */
export interface ConsolePage {
  /** Names it in messages and in the names of pictures. */
  name: string
  path: string
}

/** Every page that an administrator can open without saying of what. */
export const generalPages: readonly ConsolePage[] = [
  { name: 'overview', path: '/' },
  { name: 'devices', path: '/devices' },
  { name: 'add-phone', path: '/add-phone' },
  { name: 'new-phones', path: '/new-phones' },
  { name: 'groups', path: '/groups' },
  { name: 'lines', path: '/lines' },
  { name: 'settings', path: '/settings' },
  { name: 'group-settings', path: '/groups?group=acme&tab=settings' },
  { name: 'tasks', path: '/tasks' },
  { name: 'causes', path: '/tasks?tab=causes' },
  { name: 'files', path: '/files' },
  { name: 'file-requests', path: '/file-requests' },
  { name: 'access', path: '/access' },
  { name: 'users', path: '/users' },
  { name: 'roles', path: '/roles' },
  { name: 'tokens', path: '/tokens' },
  { name: 'quirk-profiles', path: '/quirk-profiles' },
  { name: 'packs', path: '/packs' },
  { name: 'data-models', path: '/data-models' },
  { name: 'dhcp', path: '/dhcp' },
  { name: 'pack', path: '/packs/yealink' },
  { name: 'audit', path: '/audit' },
  { name: 'system', path: '/system' },
  { name: 'account', path: '/account' },
  { name: 'not-found', path: '/no-such-page' },
]

/** The pages of people who are not signed in. */
export const publicPages: readonly ConsolePage[] = [{ name: 'sign-in', path: '/sign-in' }]

/** The parts of the page of one device. */
export function devicePages(id: string): ConsolePage[] {
  return ['overview', 'settings', 'convergence', 'parameters', 'files', 'tasks', 'sessions', 'timeline', 'trace', 'diagnostics', 'behaviour', 'expert'].map((tab) => ({ name: `device-${tab}`, path: `/devices/${id}?tab=${tab}` }))
}
