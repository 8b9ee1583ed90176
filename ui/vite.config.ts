import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // No data: URLs: the content security policy allows fonts from the app alone.
  build: { target: 'safari16', assetsInlineLimit: 0 },
  // Components are tested as a browser would load them.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  server: { strictPort: true },
  // A test that waits for ever fails; one on a busy machine does not.
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'], testTimeout: 60_000 },
});
