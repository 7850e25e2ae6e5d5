/** The part of the browser's Trusted Types that is used here; TypeScript does not describe them yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(url: string): unknown };
}

/** The address of a script of our own, as the browser wants it for a worker. */
export function trustedUrl(name: string, url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy(name, { createScriptURL: () => url });
  return (policy?.createScriptURL(url) ?? url) as string;
}
