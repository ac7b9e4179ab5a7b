// Looks at the console as a person would, with Debian's Chromium. Arguments: the hub's address, a folder for pictures.
// Prints a line for each thing that was seen; ends with code 1 and the reason where something was not as it should be.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const [hub, pictures] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, colorScheme: 'light' });
const page = await context.newPage();
const complaints = [];
page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(`${page.url()}: ${message.text()}`));
page.on('pageerror', error => complaints.push(`${page.url()}: ${error.message}`));
page.on('request', request => request.url().startsWith(hub) || request.url().startsWith('data:') || complaints.push(`foreign address ${request.url()}`));

const press = name => page.getByRole('button', { name, exact: true }).click();

async function start(connector, type) {
  await page.goto(`${hub}/console/runs`);
  await page.click('summary');
  await page.fill('[name=connector]', connector);
  await page.selectOption('[name=type]', type);
  await press('Start');
  await page.waitForURL('**/console/runs/*-*');
}

async function ended(status) {
  await page.waitForFunction(wanted => document.querySelector('#status')?.textContent === wanted, status, { timeout: 30000 });
}

async function picture(name) {
  await page.screenshot({ path: `${pictures}/${name}.png` });
}

try {
  await page.goto(hub);
  await page.fill('[name=username]', 'demo');
  await page.fill('[name=password]', 'wrong');
  await page.press('[name=password]', 'Enter');
  assert.match(await page.textContent('[role=alert]'), /wrong/);
  await page.fill('[name=username]', 'demo');
  await page.fill('[name=password]', 'demo');
  await page.press('[name=password]', 'Enter');
  await page.waitForURL(`${hub}/console`);
  console.log('signed in by keyboard');

  await start('items', 'full');
  await ended('completed');
  await start('slow', 'full');
  await ended('completed');
  await start('slow', 'full');
  const seen = new Set();
  while (await page.textContent('#status') !== 'completed') {
    seen.add(await page.getAttribute('#progress', 'value'));
    if (seen.size === 4) {
      await picture('run');
    }
    await page.waitForTimeout(50);
  }
  assert.ok(seen.size >= 4, `the bar moved through ${[...seen]} only`);
  assert.equal(await page.getAttribute('#progress', 'value'), '100');
  console.log('saw the progress bar move');

  await start('demo_order_lines', 'full');
  await ended('completed');
  await page.goto(`${hub}/console/holds`);
  assert.match(await page.textContent('h1'), /900 children wait/);
  await page.click('summary >> nth=0');
  await page.waitForSelector('.children table');
  await picture('holds');
  await start('demo_orders', 'full');
  await ended('completed');
  await page.goto(`${hub}/console/holds`);
  console.log('saw the waiting tree');

  await page.goto(`${hub}/console/dead-letters`);
  await page.click('a:text("MISSING_KEY")');
  await page.waitForURL('**error=MISSING_KEY**');
  await picture('dead-letters');
  await press('Replay these 1');
  await page.waitForSelector('#work >> text=Done');
  assert.match(await page.textContent('#work'), /1 of 1 taken, 0 resolved, 1 still failed/);
  await page.click('table a:text("demo_order_lines")');
  await page.waitForSelector('pre');
  assert.match(await page.textContent('main'), /retried\s+1\s+times/);
  await press('Replay');
  assert.match(await page.textContent('[role=status]'), /failed again/);
  await page.fill('[name=reason]', 'The source will never mend it');
  await press('Discard');
  await page.waitForURL(`${hub}/console/dead-letters`);
  assert.match(await page.textContent('[role=status]'), /discarded/);
  console.log('replayed and discarded dead letters');

  await start('demo_customers', 'full');
  await ended('completed');
  await page.goto(`${hub}/console/records?q=C-10`);
  await page.click('a:text("C-1001")');
  await page.waitForSelector('.timeline li');
  assert.match(await page.textContent('.timeline'), /Version 1/);
  await picture('record');
  console.log('followed a record');

  for (const name of ['', 'runs', 'holds', 'dead-letters', 'records', 'routes', 'live']) {
    await page.goto(`${hub}/console/${name}`.replace(/\/$/, ''));
    await page.waitForTimeout(name === '' ? 2500 : 1200);
    if (['', 'routes', 'live'].includes(name)) {
      await picture(name === '' ? 'overview' : name);
    }
  }
  assert.match(await page.textContent('tbody'), /demo_customers/);
  await page.goto(`${hub}/console`);
  await page.waitForSelector('#health');
  assert.match(await page.textContent('#ledger'), /Balanced/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.waitForTimeout(300);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `the overview is ${overflow} px wider than a phone`);
  await picture('overview-phone-dark');
  assert.deepEqual(complaints, []);
  console.log('no page complained');

  await press('Sign out demo');
  await page.waitForURL('**/console/login?out');
  console.log('signed out');
} catch (failure) {
  await picture('failure');
  console.error(failure, complaints, (await page.textContent('body')).slice(0, 2000));
  process.exitCode = 1;
} finally {
  await browser.close();
}
