import {
  IconChecklist, IconDeviceLandlinePhone, IconFileDownload, IconFiles, IconHistory, IconKey, IconLayoutDashboard, IconLockAccess, IconPackage, IconPhonePlus, IconPuzzle, IconServerCog, IconShieldLock, IconSitemap, IconUserCircle, IconUserQuestion, IconUsers,
} from '@tabler/icons-react'
import { IconAdjustments, IconBinaryTree2, IconNetwork, IconPhoneCall } from '@tabler/icons-react'
import type { PageEntry } from '@/shell/page'
import { beginDevices } from './devices/listQuery'

/** Every page of the console. A page is one line here and a folder beside this file. */
export const pages: PageEntry[] = [
  { path: '/', title: 'overview.title', icon: IconLayoutDashboard, section: 'fleet', shortcut: 'g o', permission: 'devices.read', load: () => import('./overview') },
  { path: '/devices', title: 'devices.title', icon: IconDeviceLandlinePhone, section: 'fleet', shortcut: 'g d', permission: 'devices.read', find: (search) => import('./devices/find').then(({ findDevices }) => findDevices(search)), begin: beginDevices, likely: true, load: () => import('./devices') },
  { path: '/devices/$id', title: 'device.title', permission: 'devices.read', likely: true, load: () => import('./device') },
  { path: '/add-phone', title: 'addPhone.title', icon: IconPhonePlus, shortcut: 'g n', permission: 'devices.write', load: () => import('./addPhone') },
  { path: '/new-phones', title: 'strangers.title', icon: IconUserQuestion, section: 'fleet', shortcut: 'g w', permission: 'devices.read', wholeFleet: true, load: () => import('./strangers') },
  { path: '/groups', title: 'groups.title', icon: IconSitemap, section: 'fleet', shortcut: 'g r', permission: 'groups.read', find: (search) => import('./groups/find').then(({ findGroups }) => findGroups(search)), load: () => import('./groups') },
  { path: '/lines', title: 'lines.title', icon: IconPhoneCall, section: 'fleet', shortcut: 'g i', permission: 'settings.read', load: () => import('./lines') },
  { path: '/settings', title: 'settings.title', icon: IconAdjustments, section: 'fleet', shortcut: 'g e', permission: 'settings.read', wholeFleet: true, load: () => import('./settings') },
  { path: '/tasks', title: 'tasks.title', icon: IconChecklist, section: 'work', shortcut: 'g t', permission: 'tasks.read', load: () => import('./tasks') },
  { path: '/files', title: 'files.title', icon: IconFiles, section: 'work', shortcut: 'g f', permission: 'files.read', find: (search) => import('./files/find').then(({ findFiles }) => findFiles(search)), load: () => import('./files') },
  { path: '/file-requests', title: 'fetches.title', icon: IconFileDownload, section: 'work', shortcut: 'g h', permission: 'devices.read', load: () => import('./fetches') },
  { path: '/access', title: 'deviceAccess.title', icon: IconLockAccess, section: 'administration', shortcut: 'g c', permission: 'policies.read', load: () => import('./deviceAccess') },
  { path: '/users', title: 'users.title', icon: IconUsers, section: 'administration', shortcut: 'g u', permission: 'users.read', find: (search) => import('./users/find').then(({ findUsers }) => findUsers(search)), load: () => import('./users') },
  { path: '/roles', title: 'roles.title', icon: IconShieldLock, section: 'administration', shortcut: 'g p', permission: 'users.read', load: () => import('./roles') },
  { path: '/tokens', title: 'tokens.title', icon: IconKey, section: 'administration', shortcut: 'g k', permission: 'tokens.read', load: () => import('./tokens') },
  { path: '/quirk-profiles', title: 'quirks.title', icon: IconPuzzle, section: 'administration', shortcut: 'g q', permission: 'policies.read', load: () => import('./quirks') },
  { path: '/packs', title: 'packs.title', icon: IconPackage, section: 'administration', shortcut: 'g v', permission: 'settings.read', load: () => import('./packs') },
  { path: '/packs/$name', title: 'packs.one', permission: 'settings.read', load: () => import('./pack') },
  { path: '/data-models', title: 'dataModels.title', icon: IconBinaryTree2, section: 'administration', shortcut: 'g m', permission: 'settings.read', wholeFleet: true, load: () => import('./dataModels') },
  { path: '/dhcp', title: 'dhcp.title', icon: IconNetwork, section: 'administration', shortcut: 'g b', permission: 'settings.read', load: () => import('./dhcp') },
  { path: '/audit', title: 'audit.title', icon: IconHistory, section: 'administration', shortcut: 'g l', permission: 'audit.read', wholeFleet: true, load: () => import('./audit') },
  { path: '/system', title: 'system.title', icon: IconServerCog, section: 'administration', shortcut: 'g s', permission: 'system.read', load: () => import('./system') },
  { path: '/account', title: 'account.title', icon: IconUserCircle, shortcut: 'g a', load: () => import('./account') },
  { path: '/sign-in', title: 'signIn.title', frame: 'bare', load: () => import('./signIn') },
  { path: '/change-password', title: 'changePassword.title', frame: 'bare', load: () => import('./changePassword') },
]
