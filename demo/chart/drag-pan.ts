import type uPlot from "uplot";

/**
 * What a mouse does that goes down on a chart: with Shift, or the middle button, it moves the view with it; else it selects
 * what to zoom to, as uPlot has it.
 *
 * @param pan told by which part of its width the view is to move
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
    return null; // uPlot wants no value of it
  };
}
