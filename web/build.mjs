// Bundles src/ into dist/{report,serve}.{js,css}, which are committed: building faultline needs no Node.
//   node build.mjs           writes them
//   node build.mjs --check   fails if they are not what src/ gives
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";

const result = await build({
  entryPoints: { report: "src/main.ts", serve: "src/serve.ts" },
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "inline",
  outdir: "dist",
  write: false,
});

let stale = false;
await mkdir("dist", { recursive: true });
for (const file of result.outputFiles) {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  if (process.argv.includes("--check")) {
    const committed = await readFile(`dist/${name}`, "utf8").catch(() => "");
    if (committed !== file.text) {
      console.error(`web/dist/${name} is not what web/src gives: run npm run build in web/ and commit it`);
      stale = true;
    }
  } else {
    await writeFile(`dist/${name}`, file.text);
    console.log(`dist/${name}: ${(file.contents.length / 1024).toFixed(0)} KiB`);
  }
}
if (stale) process.exit(1);
