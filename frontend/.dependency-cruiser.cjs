/** The layers of the client: each may import only from the layers to its left. */
const floors = ['lib', 'i18n', 'api', 'store', 'sync', 'content', 'acts', 'features', 'shell'];
const upward = floors.slice(0, -1).map((floor, place) => ({
  name: `${floor}-looks-up`,
  severity: 'error',
  from: { path: `^src/${floor}/` },
  to: { path: `^src/(${floors.slice(place + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    { name: 'no-loops', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'ui-is-dumb',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: '^src/(api|store|sync|content|acts|features|shell)/' },
    },
    { name: 'only-ui-users-look-at-ui', severity: 'error', from: { path: '^src/(lib|i18n|api|store|sync)/' }, to: { path: '^src/ui/' } },
    { name: 'worker-alone', severity: 'error', from: { path: '^src/worker/' }, to: { path: '^src/', pathNot: '^src/worker/' } },
    { name: 'only-sync-speaks', severity: 'error', from: { pathNot: '^src/(sync|api)/' }, to: { path: '^src/api/(http|upload)' } },
    {
      name: 'screens-apart',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/', pathNot: '^src/features/conversation/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    { name: 'one-reactive-primitive', severity: 'error', from: { path: '^src/(lib|i18n|api|store|sync)/', pathNot: '^src/(store|i18n)/signal' }, to: { path: '@preact/signals' } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:' } },
    {
      name: 'nothing-unused',
      severity: 'error',
      from: { path: '^src/(main\\.tsx|worker/service-worker\\.ts)$' },
      to: { path: '^src/', pathNot: ['\\.(test|d)\\.ts$', '^src/(main\\.tsx|worker/service-worker\\.ts)$'], reachable: false },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
};
