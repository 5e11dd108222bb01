import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './shell/base.css'
import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { newQueryClient } from './api/queries'
import { forgetOnLeave } from './auth/forget'
import { followOtherTabs } from './auth/tabs'
import { newRouter } from './shell/routes'
import { styleNonce, theme, variables } from './shell/theme'
import { startText } from './text'

const nonce = styleNonce()
// What keeps the page behind a dialog from scrolling makes a style of its own.
if (nonce) setNonce(nonce)

await startText()

const client = newQueryClient()
forgetOnLeave(client)
followOtherTabs(client)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce ?? ''}>
      <QueryClientProvider client={client}>
        <ModalsProvider>
          <Notifications position="bottom-right" />
          <RouterProvider router={newRouter(client)} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
