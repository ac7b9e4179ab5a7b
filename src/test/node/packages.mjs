// Loads each package named as an argument, or line by line on standard input, and says its name.
import readline from 'node:readline';

async function load(name) {
  await import(name);
  console.log(name);
}

const names = process.argv.slice(2);
for (const name of names) {
  await load(name);
}
if (names.length === 0) {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    await load(line);
  }
}
