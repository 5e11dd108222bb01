import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'
import type { MouseEvent } from 'react'

// From hsl(202): 8 has 6.9:1 on white, 4 has 7:1 on the dark background.
const tone: MantineColorsTuple = [
  '#eaf5fb', '#d3e8f4', '#a4d0e9', '#74b8de', '#56a8d8', '#3d93c6', '#2c7fb1', '#1f6c9b', '#155e8a', '#0c4d73',
]

// As Mantine has it, but for 7: white on it has 4.5:1, on Mantine's 3.8:1.
const red: MantineColorsTuple = [
  '#fff5f5', '#ffe3e3', '#ffc9c9', '#ffa8a8', '#ff8787', '#ff6b6b', '#fa5252', '#e03131', '#e03131', '#c92a2a',
]

function selectText({ currentTarget }: MouseEvent<HTMLInputElement>) {
  if (!currentTarget.readOnly) currentTarget.select()
}

/** Calm and dense: small sizes, one colour, nothing that moves for those who asked for that. */
export const theme = createTheme({
  primaryColor: 'tone',
  colors: { tone, red },
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "Segoe UI Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1.125rem' }, h3: { fontSize: '1rem' } } },
  defaultRadius: 'sm',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { size: 'lg', variant: 'subtle', color: 'gray' } },
    CloseButton: { defaultProps: { size: 'md' } },
    Tooltip: { defaultProps: { openDelay: 300, withinPortal: true } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm', highlightOnHover: true } },
    // The first item gets the focus, and no element that is no item.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Badge: { defaultProps: { tt: 'none' } },
    // What is typed after a click searches anew, and is not added to the present choice.
    Select: { defaultProps: { onClick: selectText } },
    // A header of the page's own would make two banners.
    ModalHeader: { defaultProps: { component: 'div' } },
    DrawerHeader: { defaultProps: { component: 'div' } },
    Modal: { defaultProps: { centered: true } },
  },
})

/** Colours with the contrast that WCAG 2.2 AA asks for: 4.5 for text, 3 for borders of controls and for signs. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#51585f',
    '--mantine-color-placeholder': '#686f76',
    '--mantine-color-error': '#c01c28',
    '--dialtone-control-border': '#82898f',
    '--dialtone-good': '#1b7035',
    '--dialtone-warn': '#8a5300',
    '--dialtone-bad': '#b3202a',
    '--dialtone-busy': '#155e8a',
    '--dialtone-quiet': '#51585f',
    '--dialtone-rail': '#f6f8f9',
  },
  dark: {
    '--mantine-color-dimmed': '#b0b5ba',
    '--mantine-color-placeholder': '#9aa0a6',
    '--mantine-color-error': '#ff8f8f',
    '--dialtone-control-border': '#868c92',
    '--dialtone-good': '#6fd08c',
    '--dialtone-warn': '#f2b84b',
    '--dialtone-bad': '#ff9a9a',
    '--dialtone-busy': '#7cc3ec',
    '--dialtone-quiet': '#b0b5ba',
    '--dialtone-rail': '#1d1f21',
  },
})

/** The nonce that the server's policy wants on styles made while the page runs; undefined under Vite's own server. */
export function styleNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined
}
