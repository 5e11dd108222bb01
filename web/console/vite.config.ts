import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { precompress } from './build/precompress.ts'

export default defineConfig({
  base: '/',
  plugins: [react(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The policy of the server allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: [
      // What pages share comes in two files and not in a hundred small ones. The editor and the plots are no part of it.
      { name: 'libraries', test: /node_modules\/(?!(@codemirror|@lezer|@marijn|codemirror|crelt|style-mod|w3c-keyname|uplot|qrcode))/, minShareCount: 2, priority: 2 },
      { name: 'shared', test: /\/src\//, minShareCount: 3, priority: 1 },
    ] } } },
  },
  server: { port: 5173, proxy: { '/api': { target: 'http://localhost:8080', changeOrigin: false } } },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true, setupFiles: ['src/testing/setup.ts'] },
})
