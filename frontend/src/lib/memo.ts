/** A component that renders anew only when one of its properties changes. */
import { Component, type ComponentType, type FunctionComponent, h } from 'preact';

/** Says whether all fields of one object have the same values in another. */
export function isAlike<T extends object>(one: T, other: T): boolean {
  // Runs for every row of a list with each change: a list of the entries would cost ten times as much.
  for (const name in one) if (one[name] !== other[name]) return false;
  return true;
}

export function memo<P extends object>(inner: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !isAlike<P>(next, this.props);
    }
    render() {
      return h(inner, this.props as P);
    }
  };
}
