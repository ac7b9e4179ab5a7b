// Looks at the console as a person would, with Debian's Chromium. Arguments: the hub's address, a folder for pictures, the hub's home.
// Prints a line for each thing that was seen; ends with code 1 and the reason where something was not as it should be.
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { Webhook } from 'standardwebhooks';

const [hub, pictures, home] = process.argv.slice(2);
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

// Two stores edit one price: the second edit of the first store is a conflict that a person has to decide.
async function makeConflict(product) {
  const secret = 'whsec_' + Buffer.from('a secret of the console test').toString('base64');
  const send = async (path, body, headers) => {
    const answer = await fetch(hub + path, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.text()}`);
  };
  for (const store of ['store_a', 'store_b']) {
    await send(`/v1/stores/${store}/sync/configure`, JSON.stringify({
      sync_frequency: 'real_time',
      entities: [{ type: 'products', direction: 'bidirectional', conflict_resolution: store === 'store_a' ? 'manual_resolution' : 'last_write_wins' }],
      webhook_config: { endpoint: 'http://127.0.0.1:9/', secret },
    }), { Authorization: 'Bearer demo-token' });
  }
  let minutes = 60;
  for (const [store, price] of [['store_a', 10], ['store_b', 12], ['store_a', 11]]) {
    const body = JSON.stringify({ id: product, price, updated_at: new Date(Date.now() - 60000 * minutes--).toISOString() });
    const id = `msg_${product}_${minutes}`, now = new Date();
    await send(`/v1/webhooks/${store}/products`, body, {
      'webhook-id': id, 'webhook-timestamp': String(Math.floor(now / 1000)), 'webhook-signature': new Webhook(secret).sign(id, now, body),
    });
    await until(async () => (await (await fetch(`${hub}/api/v1/ledger`)).json()).total.ACCEPTED === undefined);
  }
}

async function until(condition) {
  for (let i = 0; i < 200; i++) {
    if (await condition()) {
      return;
    }
    await page.waitForTimeout(50);
  }
  assert.fail('waited in vain');
}

// What a form that nobody made of these pages' sends is refused by a page that says why.
async function assertRefused(path, form, why) {
  const answer = await page.request.post(hub + path, { form: { ...form, _csrf: await page.getAttribute('[name=_csrf] >> nth=0', 'value') }, maxRedirects: 0 });
  assert.equal(answer.status(), 400, path);
  assert.match(answer.headers()['content-type'], /^text\/html/);
  assert.match(await answer.text(), why);
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
  assert.match(await page.textContent('.stages'), /fetch.*read.*compare.*write.*delete/s);
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
  await start('slow', 'full');
  await press('Stop');
  await ended('cancelled');
  console.log('stopped a run');

  await start('demo_order_lines', 'full');
  await ended('completed');
  await page.goto(`${hub}/console/holds`);
  assert.match(await page.textContent('h1'), /900 children wait/);
  await page.click('summary >> nth=0');
  await page.waitForSelector('.children table');
  await picture('holds');
  const wanted = (await page.textContent('article code')).trim();
  await press(`Fetch ${wanted}`);
  assert.match(await page.textContent('[role=status]'), /waits for a parent of its own/);
  await page.goto(`${hub}/console/holds?page=99`);
  await page.goto(`${hub}/console/holds?page=17`);
  const customer = (await page.locator('article', { hasText: 'demo_customers' }).locator('code').first().textContent()).trim();
  await press(`Fetch ${customer}`);
  assert.match(await page.textContent('[role=status]'), /is there now/);
  await until(async () => (await (await fetch(`${hub}/api/v1/records/demo_orders/${wanted}`)).status) === 200);
  await until(async () => !(await page.reload(), await page.textContent('h1')).includes('900'));
  const stranger = await page.request.post(`${hub}/console/holds/fetch`, { form: { entity: 'demo_customers', key: 'C-9',
    _csrf: await page.getAttribute('[name=_csrf] >> nth=0', 'value') }, maxRedirects: 0 });
  assert.equal(stranger.status(), 404);
  assert.match(await stranger.text(), /has no record C-9 either/);
  console.log('fetched one parent and then its parent');
  await start('demo_orders', 'full');
  await ended('completed');
  await page.goto(`${hub}/console/holds`);
  console.log('saw the waiting tree');

  await page.goto(`${hub}/console/dead-letters`);
  await page.click('a:text("MISSING_KEY")');
  await page.waitForURL('**error=MISSING_KEY**');
  await picture('dead-letters');
  const asked = page.waitForEvent('dialog');
  await page.fill('[name=reason]', 'Enter discards, after a question');
  const typed = page.press('[name=reason]', 'Enter');
  const question = await asked;
  assert.match(question.message(), /Discard all of these/);
  await question.dismiss();
  await typed;
  await assertRefused('/console/dead-letters/work', { action: 'nonsense' }, /action is one of replay, discard/);
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
  await page.reload();
  await press('Retry failed records');
  assert.match(await page.textContent('[role=status]'), /Retried 1 failed records: 0 are resolved, 1 still fail/);
  await page.goto(`${hub}/console/records?q=C-10`);
  await page.click('a:text("C-1001")');
  await page.waitForSelector('.timeline li');
  assert.match(await page.textContent('.timeline'), /Version 1/);
  await picture('record');
  console.log('followed a record');

  await makeConflict('p1');
  await page.goto(`${hub}/console/conflicts`);
  const conflict = await page.textContent('main article');
  assert.match(conflict, /products p1.*price/s);
  assert.match(conflict, /store_a, .*Platform \(store_b\), .*10.*11.*12/s);
  const before = complaints.length;
  await press('Try the rule');
  await page.waitForSelector('text=Choose a rule to try');
  assert.ok(complaints.splice(before).every(complaint => complaint.includes('400')));
  const decide = `/console/conflicts/${await page.getAttribute('main article', 'id')}/resolve`;
  await assertRefused(decide, { store: 'store_a', resolution: 'nonsense' }, /resolution is one of/);
  await assertRefused(decide, { store: 'store_a', resolution: 'use_store_value', rule: 'nonsense' }, /rule is one of/);
  await assertRefused(decide, { store: 'store_a', resolution: 'use_custom_value', value: ' ' }, /Type the value/);
  await assertRefused(decide, { resolution: 'use_store_value' }, /parameter store is missing/);
  await assertRefused('/console/runs', { connector: 'items', entity: 'a\0b' }, /NUL/);
  await assertRefused('/console/runs', { connector: 'items', type: 'nonsense' }, /type is one of/);
  await page.selectOption('[name=rule]', 'use_highest_value');
  await press('Try the rule');
  await page.waitForSelector('text=would have been others by use highest value');
  await picture('conflicts');
  await page.selectOption('[name=rule]', '');
  await press("Use the store's");
  assert.match(await page.textContent('[role=status]'), /1 conflict\(s\) decided/);
  await press('Undo');
  assert.match(await page.textContent('[role=status]'), /1 conflict\(s\) are pending again/);
  await page.fill('[name=value]', '15');
  await page.press('[name=value]', 'Enter');
  await page.waitForSelector('text=1 conflict(s) decided: use custom value');
  await press('Undo');
  await page.waitForSelector('text=1 conflict(s) are pending again');
  await press("Use the platform's");
  await page.goto(`${hub}/console/conflicts?store=store_a&status=resolved`);
  assert.match(await page.textContent('main article'), /10.*11.*12.*use_platform_value/s);
  await page.goto(`${hub}/console/record?entity=products&key=p1`);
  assert.match(await page.textContent('.timeline'), /price/);
  await makeConflict('p2');
  await makeConflict('p3');
  await page.goto(`${hub}/console/conflicts?store=store_a`);
  assert.equal(await page.locator('main article').count(), 2);
  const first = page.locator('main article').first();
  await first.locator('[name=similar]').check();
  await first.locator('[name=rule]').selectOption('newest_wins');
  await first.locator("button:has-text(\"Use the store's\")").click();
  await page.waitForSelector('text=2 conflict(s) decided: use store value');
  const rules = await fetch(`${hub}/v1/stores/store_a/sync/rules`, { headers: { Authorization: 'Bearer demo-token' } });
  assert.match(await rules.text(), /"field":"price".*"action":"newest_wins"/);
  console.log('decided conflicts, took them back and decided again, all alike and for good');

  await page.goto(`${hub}/console/stores`);
  assert.match(await page.textContent('thead'), /Conflicts.*Alerts.*State/s);
  await page.click('tr:has-text("store_a") button');
  assert.match(await page.textContent('tr:has-text("store_a")'), /paused/);
  await page.click('tr:has-text("store_a") button');
  assert.match(await page.textContent('tr:has-text("store_a")'), /syncing/);
  await page.click('a:text("store_b")');
  await page.waitForSelector('text=success rate');
  await picture('store');
  console.log('paused and resumed a store');

  const broken = `${home}/routes/connectors/zz-broken.camel.yaml`;
  await writeFile(broken, '- route:\n    id: zz-broken\n    from:\n      uri: nocomponent:x\n');
  await until(async () => (await page.goto(`${hub}/console/routes`), await page.textContent('main article')).includes('nocomponent'));
  assert.match(await page.textContent('main article'), /zz-broken.*does not run/s);
  await rm(broken);
  await until(async () => !(await page.reload(), await page.textContent('main article')).includes('nocomponent'));
  console.log('saw why a route file does not run');

  for (const name of ['', 'runs', 'holds', 'conflicts', 'dead-letters', 'records', 'stores', 'routes', 'live']) {
    await page.goto(`${hub}/console/${name}`.replace(/\/$/, ''));
    await page.waitForTimeout(name === '' ? 2500 : 1200);
    if (['', 'runs', 'stores', 'routes', 'live'].includes(name)) {
      await picture(name === '' ? 'overview' : name);
    }
  }
  assert.match(await page.textContent('tbody'), /products p1/);
  await page.goto(`${hub}/console`);
  await page.waitForSelector('#health');
  assert.match(await page.textContent('#ledger'), /Balanced/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.waitForTimeout(300);
  await picture('overview-phone-dark');
  for (const name of ['', 'runs', 'holds', 'conflicts?status=resolved', 'dead-letters', 'records?q=C-10', 'record?entity=products&key=p1',
    'stores', 'stores/store_a', 'routes', 'live']) {
    await page.goto(`${hub}/console/${name}`.replace(/\/$/, ''));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(overflow <= 0, `${name} is ${overflow} px wider than a phone`);
  }
  await page.setViewportSize({ width: 1200, height: 800 });
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
