// What a frame of a movement costs a page's main thread.
import type { Page } from 'playwright-core';

/** Runs a step (script text of a function of the frame's number and whether it is the last) in so many frames; milliseconds for each. */
export async function frameMeter(page: Page): Promise<(step: string, frames: number) => Promise<number>> {
  const cdp = await page.context().newCDPSession(page);
  // Time of the thread itself: what else runs on the machine does not count.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  return async (step, frames) => {
    const before = await spent();
    await move(page, step, frames);
    return ((await spent()) - before) * (1000 / frames);
  };
}

function move(page: Page, step: string, count: number): Promise<unknown> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const step = ${step};
    let frame = 0;
    const next = () => {
      if (frame === ${count}) return resolve();
      try {
        step(frame, frame === ${count} - 1);
      } catch (error) {
        return reject(error);
      }
      frame += 1;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })`);
}
