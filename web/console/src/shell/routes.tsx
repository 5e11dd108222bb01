import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, Outlet, type AnyRoute } from '@tanstack/react-router'
import { useMe } from '@/auth/me'
import { NotFound } from '@/pages/notFound'
import { pages } from '@/pages/registry'
import { Crashed } from '@/parts/Crashed'
import { Loading } from '@/parts/Loading'
import { Frame } from './Frame'
import { Guard } from './Guard'
import { destinations, type PageEntry } from './page'

/** Makes the router of all registered pages. */
export function newRouter() {
  const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })
  const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })
  const framed = pages.filter((page) => page.frame !== 'bare')
  const inFrame: AnyRoute[] = framed.map((page) => pageRoute(frame, page))
  if (!framed.some((page) => page.path === '/')) inFrame.push(createRoute({ getParentRoute: () => frame, path: '/', component: FirstPage }))
  // Unknown paths are told inside the frame, with the navigation at hand.
  inFrame.push(createRoute({ getParentRoute: () => frame, path: '$', component: NotFound }))
  const bare = pages.filter((page) => page.frame === 'bare').map((page) => pageRoute(root, page))
  return createRouter({
    routeTree: root.addChildren([frame.addChildren(inFrame), ...bare]),
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: Crashed,
    scrollRestoration: true,
  })
}

function pageRoute(parent: AnyRoute, page: PageEntry): AnyRoute {
  const Page = lazyRouteComponent(page.load)
  const component = Object.assign(() => <Guard page={page}><Page /></Guard>, { preload: Page.preload })
  return createRoute({ getParentRoute: () => parent, path: page.path, component })
}

/** Opens the first page that the viewer may see. */
function FirstPage() {
  const first = destinations(pages, useMe())[0]
  return <Navigate to={first?.path ?? '/account'} replace />
}
