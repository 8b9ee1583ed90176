// Imports the modules named on the command line one after the other, and prints for each a line
// of JSON: its name, what it printed, and what it failed with. Another line goes before it at
// once when something is printed, with its name alone.

import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const write = process.stdout.write.bind(process.stdout);

const say = (line) => write(JSON.stringify(line) + "\n");

for (const file of process.argv.slice(2)) {
  const name = basename(file, ".mjs");
  let printed = "";
  process.stdout.write = (piece) => {
    if (printed === "" && piece !== "") say({ name });
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
  say({ name, printed, error });
}
