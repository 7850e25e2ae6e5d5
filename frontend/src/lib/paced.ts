/** Returns a function that runs with a value: at once, then at most once in `ms`, with the last value given since. */
export function paced<T>(ms: number, run: (value: T) => void): (value: T) => void {
  let isResting = false;
  let next: { value: T } | null = null;
  const go = (value: T): void => {
    isResting = true;
    setTimeout(() => {
      const last = next;
      [isResting, next] = [false, null];
      if (last) go(last.value);
    }, ms);
    run(value);
  };
  return (value) => {
    if (isResting) next = { value };
    else go(value);
  };
}
