/** In the page: how long it draws no frame. */
export interface FrameWatch {
  /** The longest time between two animation frames since the start, in ms. */
  stop(): number;
}

export function watchFrames(): FrameWatch {
  let last = performance.now();
  let worst = 0;
  let going = true;
  const beat = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
    if (going) requestAnimationFrame(beat);
  };
  requestAnimationFrame(beat);
  return {
    stop() {
      beat();
      going = false;
      return worst;
    },
  };
}
