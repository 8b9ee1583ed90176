// Imports the modules named on the command line one after the other, and prints for each a line
// of JSON: its name, what it printed, and what it failed with.

import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const write = process.stdout.write.bind(process.stdout);

for (const file of process.argv.slice(2)) {
  let printed = "";
  process.stdout.write = (piece) => {
    printed += piece;
    return true;
  };
  let error = null;
  try {
    await import(pathToFileURL(file).href);
  } catch (thrown) {
    error = String(thrown);
  }
  process.stdout.write = write;
  write(JSON.stringify({ name: basename(file, ".mjs"), printed, error }) + "\n");
}
