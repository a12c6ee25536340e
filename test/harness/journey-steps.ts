// Steps that several journeys take: signing in, finding a component on the canvas, drawing from port to port, a finger.
import type { Locator, Page } from 'playwright-core';
import { testPassword } from './app.ts';

/** Signs in on the page as a person does. */
export async function signIn(page: Page, username: string, password = testPassword): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/projects');
}

/** Opens the page at a path as somebody who has signed in already, without the form: two pages less to load. */
export async function openAs(page: Page, username: string, path: string): Promise<void> {
  const answer = await page.request.post('/api/v1/auth/login', {
    data: { username, password: testPassword, cookie: true },
  });
  if (!answer.ok()) throw new Error(`${username} cannot sign in: ${await answer.text()}`);
  await page.goto(path);
}

export function node(page: Page, name: string): Locator {
  return page.locator('.react-flow__node').filter({ hasText: name });
}

export async function middleOf(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${locator} is not on the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags from one component's right port to another's left one; `release` false keeps the button down. */
export async function draw(page: Page, from: string, to: string, release = true): Promise<void> {
  const start = await middleOf(node(page, from).locator('.react-flow__handle-right'));
  const end = await middleOf(node(page, to).locator('.react-flow__handle-left'));
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 5 });
  await page.mouse.move(end.x, end.y, { steps: 8 });
  if (release) await page.mouse.up();
}

/** Presses with a finger for so long, moves it in steps, lets go. */
export async function pressAndMove(
  page: Page,
  from: { x: number; y: number },
  by: { x: number; y: number },
  holdMs: number,
): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await send('touchStart', [from]);
  await page.waitForTimeout(holdMs);
  for (let step = 1; step <= 6; step++) {
    await send('touchMove', [{ x: from.x + (by.x * step) / 6, y: from.y + (by.y * step) / 6 }]);
    await page.waitForTimeout(16);
  }
  await send('touchEnd', []);
  await cdp.detach();
}
