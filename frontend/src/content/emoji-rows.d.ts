/** Made by vite.config.ts: emoji, group, English name, tags, Russian name, tags. */
declare module 'virtual:emoji' {
  const rows: [string, number, string, string, string, string][];
  export default rows;
}
