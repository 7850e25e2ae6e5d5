/** A component that renders anew only when one of its properties changes. */
import { Component, type ComponentType, type FunctionComponent, h } from 'preact';

export function memo<P extends object>(inner: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const now: P = this.props;
      // Runs for every row of a list with each change: a list of the entries would cost ten times as much.
      for (const name in next) if (next[name] !== now[name]) return true;
      return false;
    }
    render() {
      return h(inner, this.props as P);
    }
  };
}
