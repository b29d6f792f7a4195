import { Component, type ReactNode } from "react";

/** Shows why its children could not be rendered: a repository that does not open, a collection that is not there. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    return error === undefined ? this.props.children : <output className="error">{String(error)}</output>;
  }
}
