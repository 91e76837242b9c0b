// Bundles src/main.js with the charts' library into one script, headed by the licences of what is in it.
//
//   npm ci && node build.mjs report.js
//
// Same sources and lock file, same bytes: tests/build/report_bundle compares them with the committed report.js.
import { build } from "esbuild";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? "report.js";

/** Packages that the bundle has code of: folder names below node_modules, in order. */
function packagesOf(metafile) {
  const names = Object.entries(Object.values(metafile.outputs)[0].inputs)
    .filter(([, part]) => part.bytesInOutput > 0)
    .map(([path]) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

function licenceOf(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  return { title: `${name} ${version} (${license})`, text: readFileSync(join(folder, file), "utf8").trim() };
}

/** One notice for all packages whose licence reads the same. */
function notices(packages) {
  const byText = new Map();
  for (const { title, text } of packages.map(licenceOf)) byText.set(text, [...(byText.get(text) ?? []), title]);
  return [...byText].map(([text, titles]) => `${titles.join(", ")}\n\n${text}`).join("\n\n---\n\n");
}

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "none",
  metafile: true,
  write: false,
});
const banner = notices(packagesOf(result.metafile)).replaceAll("*/", "* /").replaceAll("</", "< /");
writeFileSync(target, `/*! The report's script. It contains:\n\n${banner}\n*/\n${result.outputFiles[0].text}`);
