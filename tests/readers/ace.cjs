// Ace by DAISY on many EPUBs in one process and one browser, whose start takes longer than most checks.
//
//     NODE_PATH=…/node_modules node ace.cjs BOOK.epub …
//
// leaves Ace's report on each book beside it, in BOOK.epub.ace.json. A page that is the same in several books,
// with the same styles and images, is looked at once.
"use strict";

const { createHash } = require("node:crypto");
const { createRequire } = require("node:module");
const fs = require("node:fs");
const path = require("node:path");
const { fileURLToPath } = require("node:url");

const ace = require("@daisy/ace-core");
const runner = require("@daisy/ace-axe-runner-puppeteer");

// Ace tells its progress by a logger that complains where nobody listens.
const winston = createRequire(require.resolve("@daisy/ace-core"))("winston");
winston.add(new winston.transports.Console({ level: "error", stderrLevels: ["error"] }));

const UNSEEN = /\.(xhtml|smil|mp3|opf|ncx|xml)$|(^|\/)mimetype$/; // by a page that is not one of them

function likeness(page, folder) {
  const hash = createHash("sha256");
  const add = (file) => hash.update(`\0${path.relative(folder, file)}\0`).update(fs.readFileSync(file));
  add(page);
  for (const name of fs.readdirSync(folder, { recursive: true }).sort()) {
    const file = path.join(folder, name);
    if (!UNSEEN.test(name) && fs.statSync(file).isFile()) add(file);
  }
  return hash.digest("hex");
}

/** The runner that Ace knows, with a browser that stays open. */
function patient(seen) {
  const look = async (url, scripts, contents, folder) =>
    JSON.stringify(await runner.run(url, scripts, contents, folder));
  return {
    ...runner,
    launch: async () => {},
    close: async () => {},
    run: async (url, scripts, contents, folder) => {
      const key = likeness(fileURLToPath(url), folder);
      if (!seen.has(key)) seen.set(key, look(url, scripts, contents, folder));
      return JSON.parse(await seen.get(key)); // Ace changes what it is given
    },
  };
}

async function main(books) {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true; // to which Ace prints every report
  await runner.launch();
  const kept = patient(new Map());
  try {
    for (const book of books) {
      const [, report] = await ace(book, { cwd: process.cwd(), silent: true, doNotReportMedia: true }, kept);
      fs.writeFileSync(`${book}.ace.json`, JSON.stringify(report));
    }
  } finally {
    await runner.close();
    process.stdout.write = write;
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
