// A real browser for journeys: one Chromium a test file, pages at every size, screenshots kept for looking at and of every failure.
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

export const sizes = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
} as const;
export type Size = keyof typeof sizes;
export type Theme = 'dark' | 'light';
/** Where the browsers are. */
export const timeZone = 'Europe/Berlin';

const folder = join(import.meta.dirname, '..', 'screenshots');
/** Longer than anything may take, shorter than a test: what is missing is named instead of timing out as a whole. */
const patience = 10_000;

export interface PageOptions {
  size?: Size;
  theme?: Theme;
  url?: string;
}

export interface TestBrowser {
  /** A page with nothing remembered. Faults of its scripts are collected in `faults`. */
  page(options?: PageOptions): Promise<JourneyPage>;
  /** Every page that is open. */
  pages(): Page[];
  close(): Promise<void>;
}

/** Starts one for a test file, before its tests; keeps a picture of every open page where a test fails. */
export function journeyBrowser(): Pick<TestBrowser, 'page'> {
  let browser: TestBrowser | null = null;
  beforeAll(async () => {
    browser = await testBrowser();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const name = task.name.replaceAll(/\W+/g, '-').slice(0, 60);
    for (const [index, page] of (browser?.pages() ?? []).entries()) {
      await page
        .screenshot({ path: join(folder, `failed-${name}-${index}.png`), timeout: 3000 })
        .catch(() => undefined);
    }
  });
  afterAll(() => browser?.close());
  return {
    page(options) {
      if (!browser) throw new Error('The browser starts before the tests, not before the file');
      return browser.page(options);
    },
  };
}

export interface JourneyPage {
  page: Page;
  context: BrowserContext;
  /** Uncaught errors and refusals of the content security policy, in words. */
  faults: string[];
  /** As if the system changed its theme. */
  turn(theme: Theme): Promise<void>;
  /** Keeps a picture under test/screenshots. */
  shot(name: string): Promise<void>;
  /** What axe finds against WCAG 2.2 AA, one line each. */
  axe(): Promise<string[]>;
}

/** Resolves once nothing moves any more but what moves for ever, or after a second and a half. */
async function still(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const until = performance.now() + 1500;
    const moves = ({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity;
    const look = () => {
      if (!document.getAnimations().some(moves) || performance.now() > until) resolve();
      else requestAnimationFrame(look);
    };
    look();
  })`);
}

export async function testBrowser(): Promise<TestBrowser> {
  await mkdir(folder, { recursive: true });
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const browser: Browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
    headless: true,
  });
  return {
    async page({ size = 'desktop', theme = 'dark', url } = {}) {
      let now = theme;
      const context = await browser.newContext({
        viewport: sizes[size],
        colorScheme: now,
        hasTouch: size !== 'desktop',
        locale: 'en-GB',
        timezoneId: timeZone,
        ...(url === undefined ? {} : { baseURL: url }),
      });
      context.setDefaultTimeout(patience);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text()))
          faults.push(message.text());
      });
      return {
        page,
        context,
        faults,
        async turn(next) {
          now = next;
          await page.emulateMedia({ colorScheme: next });
        },
        async shot(name) {
          await still(page);
          await page.screenshot({ path: join(folder, `${name}-${size}-${now}.png`) });
        },
        async axe() {
          if ((await page.evaluate('typeof axe')) === 'undefined') {
            // Past the evaluate of Playwright, which takes longer to hand so much text over. Not detached: that would bring a page
            // back that was taken off the network.
            const session = await context.newCDPSession(page);
            await session.send('Runtime.evaluate', { expression: axe });
          }
          // What fades in has less contrast than it will have.
          await still(page);
          // In the browser, where axe is by now; as text, since its types are not this program's.
          const found: unknown = await page.evaluate(`axe.run(document, {
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'],
            }).then(({ violations }) => violations.flatMap((violation) => violation.nodes.map((node) =>
              violation.id + ': ' + node.target.join(' ') + ' — ' + node.failureSummary)))`);
          return Array.isArray(found) ? found.map(String) : [String(found)];
        },
      };
    },
    pages: () => browser.contexts().flatMap((context) => context.pages()),
    close: () => browser.close(),
  };
}
