import { t } from '../i18n';

/** An error with a text from the server (RFC 9457), or a network failure (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: { loc: string[]; code: string }[];
  readonly retryAfterMs: number;
  readonly reason: string;

  constructor(document: Record<string, unknown>) {
    const status = Number(document.status ?? 0);
    // The answer comes from a network or a proxy on the way and has no text of ours.
    super(wordsOf(document, status));
    this.status = status;
    this.code = String(document.code ?? 'network');
    this.errors = (document.errors as { loc: string[]; code: string }[] | undefined) ?? [];
    this.retryAfterMs = Number(document.retry_after_ms ?? 0);
    this.reason = String(document.reason ?? '');
  }

  /** Says whether repeating could help: the outcome is unknown, or the server asked to come back. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429 || this.status === 408 || this.status === 401;
  }
}

/** Returns the text of an error, with the wait that the server asks for. */
function wordsOf({ detail, retry_after_ms: wait }: Record<string, unknown>, status: number): string {
  const words = String(detail ?? (status === 0 || status >= 500 ? t().noNetwork : t().failed));
  const seconds = Math.ceil(Number(wait ?? 0) / 1000);
  return status === 429 && seconds > 0 ? `${words} ${t().againIn(seconds)}` : words;
}

/** Says whether repeating could help after an error. */
export const isPassing = (error: unknown): boolean => error instanceof Problem && error.isPassing;
