// What the canvas tells at a glance: what is ready, what is blocked and by whom, the longest chain; finding, the overview, arranging around what is pinned, pictures.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { node, openAs } from '../harness/journey-steps.ts';

let td: TestApp;
let project_id = '';
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
  const components = [
    { key: 'ground', name: 'Ground' },
    { key: 'frame', name: 'Frame' },
    { key: 'glass', name: 'Glass' },
    { key: 'wiring', name: 'Wiring' },
    { key: 'pump', name: 'Pump' },
    { key: 'party', name: 'Opening day' },
  ];
  const dependencies = [
    ['frame', 'ground'],
    ['glass', 'frame'],
    ['wiring', 'frame'],
    ['pump', 'wiring'],
    ['party', 'pump'],
    ['party', 'glass'],
  ];
  const body = { title: 'R&D: house', components, dependencies };
  project_id = (await td.admin.call('importProject', { body })).data.project.id;
  const set = async (name: string, patch: { status: 'completed' | 'blocked' }) => {
    const id = (await graph()).nodes.find((one) => one.name === name)?.id ?? '';
    await td.admin.call('updateComponent', { params: { id }, body: patch });
  };
  await set('Ground', { status: 'completed' });
  await set('Wiring', { status: 'blocked' });
});
afterAll(() => td.stop());

async function graph() {
  return (await td.admin.call('projectGraph', { params: { id: project_id } })).data;
}
async function open(options: Parameters<typeof browser.page>[0] = {}): Promise<JourneyPage> {
  const journey = await browser.page({ url: td.url, ...options });
  await openAs(journey.page, adminName, `/projects/${project_id}`);
  await journey.page.locator('.react-flow__node').first().waitFor();
  // The first places are found and saved for everyone.
  await expect.poll(async () => (await graph()).nodes.every(({ position }) => position !== null)).toBe(true);
  await journey.page.waitForTimeout(300);
  return journey;
}
const lit = ({ page }: JourneyPage) =>
  page.evaluate(
    "[...document.querySelectorAll('.node-box.lit')].map((box) => box.querySelector('span[title]').textContent).sort()",
  );

it.each(['dark', 'light'] as const)(
  'lights what is ready, what is blocked and the longest chain (%s)',
  async (theme) => {
    const journey = await open({ theme });
    const { page } = journey;
    await page.locator('.canvas').focus();
    await page.keyboard.press('g');
    await page.getByText('1 ready to start').waitFor();
    expect(await lit(journey)).toEqual(['Frame']);
    await journey.shot('mode-ready');
    await page.keyboard.press('b');
    await page.getByText('1 blocked or held up').waitFor();
    expect(await lit(journey)).toEqual(['Frame', 'Wiring']);
    const first = page.getByRole('region', { name: 'What holds the most up' }).getByRole('button').first();
    expect(await first.textContent()).toContain('Frame');
    await journey.shot('mode-blocked');
    expect(await journey.axe()).toEqual([]);
    await first.click();
    await node(page, 'Frame').and(page.locator('.selected')).waitFor();
    await page.locator('.canvas').focus();
    await page.keyboard.press('p');
    await page.getByText('Longest chain: 4 steps').waitFor();
    await page.getByText('5 of 5 have no duration').waitFor();
    expect(await lit(journey)).toEqual(['Frame', 'Opening day', 'Pump', 'Wiring']);
    await journey.shot('mode-path');
    // Esc leaves the mode before the selection.
    await page.keyboard.press('Escape');
    expect(await lit(journey)).toEqual([]);
    await node(page, 'Frame').and(page.locator('.selected')).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.react-flow__node.selected').count()).toBe(0);
    expect(journey.faults).toEqual([]);
  },
);

it('finds by typing, jumps with Enter, and goes on to the next', async () => {
  const journey = await open({ theme: 'light' });
  const { page } = journey;
  await page.locator('.canvas').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('g');
  await page.getByText('1 of 4').waitFor();
  await journey.shot('find');
  expect(await journey.axe()).toEqual([]);
  await page.keyboard.press('Enter');
  await node(page, 'Glass').and(page.locator('.selected')).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('2 of 4').waitFor();
  await node(page, 'Ground').and(page.locator('.selected')).waitFor();
  await page.keyboard.press('Shift+Enter');
  await page.getByText('1 of 4').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F2');
  await page.getByLabel('Name of the component').waitFor();
  await page.keyboard.press('Escape');
});

it('arranges around what is pinned, after showing what would move', async () => {
  const journey = await open();
  const { page } = journey;
  const pump = (await graph()).nodes.find(({ name }) => name === 'Pump');
  const frame = (await graph()).nodes.find(({ name }) => name === 'Frame');
  if (!pump || !frame) throw new Error('The project is not as it was made');
  const far = { x: 2000, y: 900 };
  const positions = [
    { id: pump.id, position: far },
    { id: frame.id, position: { x: 0, y: 1500 } },
  ];
  await td.admin.call('moveComponents', { body: { project_id, positions } });
  await page.reload();
  await node(page, 'Pump').waitFor();
  await page.waitForTimeout(300);
  await page.locator('.canvas').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('pump');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+P');
  await page.getByText('Pinned 1 component.').first().waitFor();
  await page.keyboard.press('Shift+1');
  await page.keyboard.press('Shift+L');
  await page.getByText(/^Moves \d of 6, 1 pinned stays\./).waitFor();
  await page.waitForTimeout(400);
  await journey.shot('layout-preview');
  await page.keyboard.press('Escape');
  await page.getByText(/^Moves \d of 6/).waitFor({ state: 'detached' });
  await page.keyboard.press('Shift+L');
  await page.getByText(/^Moves \d of 6, 1 pinned stays\./).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await graph()).nodes.find(({ name }) => name === 'Frame')?.position?.y).not.toBe(1500);
  expect((await graph()).nodes.find(({ name }) => name === 'Pump')?.position).toEqual(far);
  await page.getByText('Moved 5 components.').first().waitFor();
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await graph()).nodes.find(({ name }) => name === 'Frame')?.position?.y).toBe(1500);
  expect(journey.faults).toEqual([]);
});

it('is saved by keyboard alone, found in the palette', async () => {
  const journey = await open();
  const { page } = journey;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('export as svg');
  await page.getByRole('option', { name: 'Export as SVG' }).waitFor();
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toBe('R&D- house.svg');
  expect(journey.faults).toEqual([]);
});

it('looks elsewhere by the overview', async () => {
  const journey = await open();
  const { page } = journey;
  await page.getByRole('toolbar', { name: 'Canvas tools' }).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Show the overview' }).click();
  await page.keyboard.press('Shift+1');
  await page.waitForTimeout(400);
  const map = page.getByRole('img', { name: /^Overview/ });
  await map.waitFor();
  const look = () => page.evaluate("getComputedStyle(document.querySelector('.react-flow__viewport')).transform");
  const before = await look();
  const box = await map.boundingBox();
  if (!box) throw new Error('The overview is not there');
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 40, box.y + 30, { steps: 3 });
  await page.mouse.up();
  await journey.shot('minimap');
  expect(await look()).not.toEqual(before);
});

it.each(['dark', 'light'] as const)('is saved as a picture, SVG and PNG (%s)', async (theme) => {
  const journey = await open({ theme });
  const { page } = journey;
  const save = async (item: string) => {
    await page.getByRole('toolbar', { name: 'Canvas tools' }).getByRole('button', { name: 'More' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    return download;
  };
  const svg = await save('Export as SVG');
  expect(svg.suggestedFilename()).toBe('R&D- house.svg');
  const text = await readFile(await svg.path(), 'utf8');
  expect(text).toContain('<title>R&amp;D: house</title>');
  for (const { name } of (await graph()).nodes) expect(text).toContain(`>${name}</text>`);
  expect(text).toContain(theme === 'dark' ? '#070b14' : '#edf1f7');
  const png = await save('Export as PNG');
  expect(png.suggestedFilename()).toBe('R&D- house.png');
  const bytes = await readFile(await png.path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBeGreaterThan(1000);
  await page.getByText('Saved R&D: house.png.').first().waitFor();
  // Drawn by the browser as any reader of the file would.
  await page.setContent(text.replace(/width="\d+" height="\d+" view/, 'width="1400" height="860" view'));
  await journey.shot('export-svg');
  expect(journey.faults.filter((fault) => !/inline style/.test(fault))).toEqual([]);
});
