/** Runs in the page: measures for how long it draws no frame. */
export interface FrameWatch {
  /** The longest time between two animation frames since the start, in ms. */
  stop(): number;
}

export function watchFrames(): FrameWatch {
  let last = performance.now();
  let worst = 0;
  let running = true;
  const onFrame = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
    if (running) requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
  return {
    stop() {
      onFrame();
      running = false;
      return worst;
    },
  };
}
