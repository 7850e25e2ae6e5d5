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
  return (await authorized(path, (token) => once(path, file, token, way))) as Answer<P, 'PUT' & Method<P>>;
}

function once(path: string, file: Blob, token: string | null, { onPart, signal }: Way): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    const failed = (): void => reject(new Problem({}));
    asked.open('PUT', `/api${path}`);
    asked.timeout = TIMEOUT_MS;
    asked.responseType = 'json';
    for (const [name, value] of Object.entries({ ...headersFor(token), 'content-type': file.type }))
      asked.setRequestHeader(name, value);
    asked.upload.onprogress = ({ loaded, total }) => onPart(total ? loaded / total : 0);
    asked.onload = () => {
      if (asked.status < 300) resolve(asked.response);
      else reject(new Problem({ status: asked.status, ...asked.response }));
    };
    asked.onerror = asked.ontimeout = asked.onabort = failed;
    signal.addEventListener('abort', () => asked.abort(), { once: true });
    if (signal.aborted) failed();
    else asked.send(file);
  });
}
