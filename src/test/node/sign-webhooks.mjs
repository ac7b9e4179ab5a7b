// Signs with the senders' own libraries. Takes lines {"style", "secret", "id", "seconds", "body"}, answers each with a line of headers.
import { createHmac } from 'node:crypto';
import readline from 'node:readline';
import { sign as signAsGitHub } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

const stripe = new Stripe('sk_test_of_nobody');
const hmac = (secret, body) => createHmac('sha256', secret).update(body, 'utf8').digest('base64');

const styles = {
  standard: ({ secret, id, seconds, body }) => ({
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': new StandardWebhook(secret).sign(id, new Date(seconds * 1000), body),
  }),
  svix: ({ secret, id, seconds, body }) => ({
    'svix-id': id,
    'svix-timestamp': String(seconds),
    'svix-signature': new SvixWebhook(secret).sign(id, new Date(seconds * 1000), body),
  }),
  stripe: ({ secret, seconds, body }) => ({
    'Stripe-Signature': stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: seconds }),
  }),
  github: async ({ secret, id, body }) => ({ 'X-Hub-Signature-256': await signAsGitHub(secret, body), 'X-GitHub-Delivery': id }),
  shopify: ({ secret, id, body }) => ({ 'X-Shopify-Hmac-Sha256': hmac(secret, body), 'X-Shopify-Webhook-Id': id }),
  woocommerce: ({ secret, id, body }) => ({ 'X-WC-Webhook-Signature': hmac(secret, body), 'X-WC-Webhook-Delivery-ID': id }),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  console.log(JSON.stringify(await styles[request.style](request)));
}
