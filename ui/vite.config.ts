import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // The window loads the files from its own scheme, the tests from a folder: neither has a fixed root.
  base: './',
  build: {
    target: ['es2022', 'safari16'],
    // The content security policy refuses data: addresses, so that nothing may be inlined as one.
    assetsInlineLimit: 0,
    // CodeMirror is the largest chunk, and it is loaded when a body is opened.
    chunkSizeWarningLimit: 700,
    sourcemap: false,
  },
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
});
