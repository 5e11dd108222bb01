import { afterEach } from 'vitest'
import { cleanup } from '@testing-library/react'

// Mantine asks for both, and jsdom has neither.
window.matchMedia ??= (query) => ({
  matches: false, media: query, onchange: null, addListener: () => undefined, removeListener: () => undefined,
  addEventListener: () => undefined, removeEventListener: () => undefined, dispatchEvent: () => false,
})
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}

afterEach(cleanup)
