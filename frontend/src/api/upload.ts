/** Sends files to the server and reports the progress, which fetch cannot. */
import type { Answer, Method, Path } from './doors';
import { authorized, headersFor } from './http';
import { Problem } from './problem';

const TIMEOUT_MS = 120_000;

export interface Way {
  /** Receives the sent part, 0 to 1. */
  onPart: (part: number) => void;
  signal: AbortSignal;
}

/**
 * Sends a file as the body of a PUT and returns the JSON of the answer. Throws `Problem`, also after a cancellation.
 */
export async function upload<P extends Path>(path: P, file: Blob, way: Way): Promise<Answer<P, 'PUT' & Method<P>>> {
  const headers = { 'content-type': file.type };
  const { response } = await transfer({ method: 'PUT', path, headers, body: file }, way);
  return response as Answer<P, 'PUT' & Method<P>>;
}

interface Transfer {
  method: 'POST' | 'PUT' | 'PATCH';
  path: Path;
  headers: Readonly<Record<string, string>>;
  body?: Blob;
}

/** Sends a request with the token of the moment; its answer may matter by its headers. */
export const transfer = (asked: Transfer, way: Way): Promise<XMLHttpRequest> =>
  authorized(asked.path, (token) => once(asked, token, way));

function once(
  { method, path, headers, body }: Transfer,
  token: string | null,
  { onPart, signal }: Way,
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    const failed = (): void => reject(new Problem({}));
    asked.open(method, `/api${path}`);
    asked.timeout = TIMEOUT_MS;
    asked.responseType = 'json';
    for (const [name, value] of Object.entries({ ...headersFor(token), ...headers }))
      asked.setRequestHeader(name, value);
    asked.upload.onprogress = ({ loaded, total }) => onPart(total ? loaded / total : 0);
    asked.onload = () => {
      if (asked.status < 300) resolve(asked);
      else reject(new Problem({ status: asked.status, ...asked.response }));
    };
    asked.onerror = asked.ontimeout = asked.onabort = failed;
    signal.addEventListener('abort', () => asked.abort(), { once: true });
    if (signal.aborted) failed();
    else asked.send(body ?? null);
  });
}
