// Builds the page of the three lists, for `virtua` with Preact in the place of React.
export default {
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [
      { find: 'react/jsx-runtime', replacement: 'preact/jsx-runtime' },
      { find: /^react(-dom)?$/, replacement: 'preact/compat' },
    ],
  },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: { emptyOutDir: true, lib: { entry: 'page.tsx', formats: ['iife'], name: 'page', fileName: () => 'page.js' } },
};
