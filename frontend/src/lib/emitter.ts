/** The smallest possible event source. */
export interface Emitter<T> {
  (listener: (value: T) => void): () => void;
  emit(value: T): void;
}

export function emitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  const on = (listener: (value: T) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return Object.assign(on, {
    emit: (value: T) => {
      for (const listener of listeners) listener(value);
    },
  });
}
