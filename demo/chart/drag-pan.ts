import type uPlot from "uplot";

/**
 * Handles a pressed mouse button: with Shift, or the middle button, dragging pans the view; otherwise uPlot
 * selects the range to zoom to.
 *
 * @param pan called with the distance as a fraction of the view's width
 */
export function dragPan(pan: (fraction: number) => void): uPlot.Cursor.MouseListenerFactory {
  return (plot, _, select) => (event) => {
    if (!event.shiftKey && event.button !== 1) {
      select(event);
      return null;
    }
    event.preventDefault();
    let last = event.clientX;
    const move = ({ clientX }: MouseEvent) => {
      pan((last - clientX) / plot.over.clientWidth);
      last = clientX;
    };
    const end = () => {
      document.removeEventListener("mousemove", move);
      document.removeEventListener("mouseup", end);
    };
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", end);
    return null; // uPlot's type requires a value
  };
}
