// How the web app is built and served while developing.
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { endpoints } from '../core/src/endpoints/all.ts';

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The browser needs of each endpoint only where it is; its schemas would be most of the first page's script. */
function slimEndpoints() {
  const table = Object.fromEntries(
    Object.entries(endpoints).map(([name, { method, path }]) => [name, { method, path }]),
  );
  return {
    name: 'slim-endpoints',
    enforce: 'pre' as const,
    /** Nor does it need what makes schemas, which is as large as a third of the first page: a value imported beside one brings it in. */
    resolveId(this: { error: (message: string) => never }, source: string, importer?: string) {
      if (source !== 'typebox') return null;
      return this.error(
        `${importer ?? 'Something'} brings TypeBox into the browser. Import types alone from it, or move the value.`,
      );
    },
    load(id: string) {
      if (id !== local('../core/src/endpoints/all.ts')) return null;
      return `export const apiBase = '/api/v1';\nexport const endpoints = ${JSON.stringify(table)};`;
    },
  };
}

export default defineConfig({
  root: local('.'),
  plugins: [slimEndpoints(), react(), tailwindcss()],
  resolve: {
    // The original writes a <style> element, which the content security policy refuses; app.css locks the page instead.
    alias: { 'react-remove-scroll': local('src/ui/remove-scroll.tsx') },
  },
  build: {
    outDir: local('dist'),
    emptyOutDir: true,
    sourcemap: false,
    target: 'es2023',
    // Inlined as data: URLs, fonts and scripts would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A file for each icon and field would cost more in headers than in script: what every page starts from is one file, and
          // what three and more pages share of the small parts is another.
          groups: [
            { name: 'base', tags: ['$initial'], priority: 2 },
            {
              name: 'parts',
              test: /web\/src\/(ui\/(?!choices|dialog-window|menu-window|popover)|pages\/page-header)|lucide-react|react-store/,
              minShareCount: 3,
              priority: 1,
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: { '/api': { target: 'http://localhost:3000' } },
  },
});
