import type { QueryClient } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, Outlet, type AnyRoute } from '@tanstack/react-router'
import type { Me } from '@/api/types'
import { meQuery, useMe } from '@/auth/me'
import { NotFound } from '@/pages/notFound'
import { pages } from '@/pages/registry'
import { Crashed } from '@/parts/Crashed'
import { Loading } from '@/parts/Loading'
import { Frame } from './Frame'
import { Guard } from './Guard'
import { destinations, mayOpen, type PageEntry } from './page'

/** Makes the router of all registered pages. */
export function newRouter(client: QueryClient) {
  const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })
  const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })
  const framed = pages.filter((page) => page.frame !== 'bare')
  const inFrame: AnyRoute[] = framed.map((page) => pageRoute(client, frame, page))
  if (!framed.some((page) => page.path === '/')) inFrame.push(createRoute({ getParentRoute: () => frame, path: '/', component: FirstPage }))
  // Unknown paths are told inside the frame, with the navigation at hand.
  inFrame.push(createRoute({ getParentRoute: () => frame, path: '$', component: NotFound }))
  const bare = pages.filter((page) => page.frame === 'bare').map((page) => pageRoute(client, root, page))
  return createRouter({
    routeTree: root.addChildren([frame.addChildren(inFrame), ...bare]),
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: Crashed,
    scrollRestoration: true,
  })
}

function pageRoute(client: QueryClient, parent: AnyRoute, page: PageEntry): AnyRoute {
  const Page = lazyRouteComponent(page.load)
  const component = Object.assign(() => <Guard page={page}><Page /></Guard>, { preload: Page.preload })
  const beforeLoad = ({ search }: { search: Record<string, unknown> }) => begin(client, page, search)
  return createRoute({ getParentRoute: () => parent, path: page.path, component, ...(page.begin && { beforeLoad }) })
}

/** Begins a page before its code is there and it is made, once it is known that the viewer may open it. */
function begin(client: QueryClient, page: PageEntry, search: Record<string, unknown>) {
  const known = client.getQueryData(meQuery.queryKey)
  const go = (me: Me | null | undefined) => {
    if (me && !me.mustChangePassword && mayOpen(page, me)) page.begin?.(client, search)
  }
  if (known !== undefined) go(known)
  // The frame tells what went wrong.
  else client.fetchQuery(meQuery).then(go, () => undefined)
}

/** Opens the first page that the viewer may see. */
function FirstPage() {
  const first = destinations(pages, useMe())[0]
  return <Navigate to={first?.path ?? '/account'} replace />
}
