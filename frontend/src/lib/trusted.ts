/** The used part of the browser's Trusted Types; TypeScript does not describe them yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(url: string): unknown };
}

/** Returns the address of our own script in the form that the browser needs for a worker. */
export function trustedUrl(name: string, url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy(name, { createScriptURL: () => url });
  return (policy?.createScriptURL(url) ?? url) as string;
}
