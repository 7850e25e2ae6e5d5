/** The endpoints of the REST API as types: the paths, the body that each takes for a method, and the answer. */
import type { paths } from './schema.gen';
import type { Given } from './types';

/** A path of the contract with its parameters filled in: ids, seqs and places are numbers, others are texts. */
type Filled<P> = P extends `${infer Before}{${infer Name}}${infer After}`
  ? `${Before}${Name extends `${string}id` | 'seq' | 'place' ? number : string}${Filled<After>}`
  : P;

/** The paths under /api. */
export type Path = { [P in keyof paths]: P extends `/api${infer Rest}` ? Filled<Rest> : never }[keyof paths];

/** The path of the contract for a filled-in path. */
type Origin<F> = {
  [P in keyof paths]: F extends Filled<P extends `/api${infer Rest}` ? Rest : never>
    ? Filled<P extends `/api${infer Rest}` ? Rest : never> extends F
      ? P
      : never
    : never;
}[keyof paths];

type Verbs<F> = paths[Origin<F> & keyof paths];
type Declared<V> = { [M in keyof V]: V[M] extends { responses: unknown } ? M : never }[keyof V];
/** The methods of a path. */
export type Method<F> = Uppercase<Declared<Verbs<F>> & string>;

type Responses<F, M extends string> = Verbs<F>[Lowercase<M> & keyof Verbs<F>] extends { responses: infer R }
  ? R
  : never;
type Asked<V> = V extends { requestBody?: infer B } ? Given<Body<NonNullable<B>>> : undefined;
/** The request body that a path takes for a method, `undefined` if it takes none. */
export type Taken<F, M extends string> = Asked<Verbs<F>[Lowercase<M> & keyof Verbs<F>]>;

type Body<R> = R extends { content: { 'application/json': infer J } } ? J : undefined;
/** The successful answer of a path. */
export type Answer<F, M extends string> = {
  [S in keyof Responses<F, M> & (200 | 201 | 202 | 204)]: Body<Responses<F, M>[S]>;
}[keyof Responses<F, M> & (200 | 201 | 202 | 204)];
