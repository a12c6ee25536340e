// A real browser for journeys: one Chromium a test file, pages at desktop, tablet and phone size, screenshots kept for looking at.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';

export const sizes = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
} as const;
export type Size = keyof typeof sizes;

const folder = join(import.meta.dirname, '..', 'screenshots');

export interface TestBrowser {
  /** A page with nothing remembered. Faults of its scripts are collected in `faults`. */
  page(options?: { size?: Size; theme?: 'dark' | 'light'; url?: string }): Promise<JourneyPage>;
  close(): Promise<void>;
}

export interface JourneyPage {
  page: Page;
  context: BrowserContext;
  /** Uncaught errors and refusals of the content security policy, in words. */
  faults: string[];
  /** Keeps a picture under test/screenshots. */
  shot(name: string): Promise<void>;
  /** What axe finds against WCAG 2.2 AA, one line each. */
  axe(): Promise<string[]>;
}

export async function testBrowser(): Promise<TestBrowser> {
  await mkdir(folder, { recursive: true });
  const browser: Browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((arg) => !arg.startsWith('--single-process')),
      '--no-sandbox',
      '--disable-background-networking',
    ],
    headless: true,
  });
  return {
    async page({ size = 'desktop', theme = 'dark', url } = {}) {
      const context = await browser.newContext({
        viewport: sizes[size],
        colorScheme: theme,
        hasTouch: size !== 'desktop',
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        ...(url === undefined ? {} : { baseURL: url }),
      });
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
        async shot(name) {
          await page.screenshot({ path: join(folder, `${name}-${size}-${theme}.png`) });
        },
        async axe() {
          await page.evaluate(axe.source);
          // In the browser, where axe has just been put; as text, since its types are not this program's.
          const found: unknown =
            await page.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
            .then(({ violations }) => violations.flatMap((violation) => violation.nodes.map((node) =>
              violation.id + ': ' + node.target.join(' ') + ' — ' + node.failureSummary)))`);
          return Array.isArray(found) ? found.map(String) : [String(found)];
        },
      };
    },
    close: () => browser.close(),
  };
}
