// Makes the runs that the tests look at, with the real program on the embedded pictures and networks:
//   study       finished, with tests of causes and a twin
//   unfinished  of many attacks and strengths, killed after its first image
//   demo        the demo's pages, of two pictures for each network
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { killAfterFirstImage, studyWords, watched } from "./study.mjs";
import { run, runs, source, start } from "./program.mjs";

// Of each network's pictures, those that the demo looks at.
const demoPictures = 2;

function demoData(folder) {
  mkdirSync(join(folder, "images"), { recursive: true });
  symlinkSync(join(source, "models"), join(folder, "models"));
  for (const set of ["imagenette", "street"]) {
    mkdirSync(join(folder, "images", set));
    for (const file of readdirSync(join(source, "images", set)).sort().slice(0, demoPictures)) cpSync(join(source, "images", set, file), join(folder, "images", set, file));
  }
  return folder;
}

rmSync(runs, { recursive: true, force: true });
mkdirSync(runs, { recursive: true });
process.stdout.write(await run(...studyWords(runs, join(runs, "study"), ["--draws", "4", "--twins", "1", "--twin-images", "2", "--at", "critical,double", "--causal", "all"])));
await killAfterFirstImage(start(studyWords(runs, join(runs, "unfinished"), [...watched, "--attack", "pgd:steps=3", "--attack", "fgsm", "--eps", "1/255,2/255,4/255"])));
process.stdout.write(await run("demo", "--data", demoData(join(runs, "demo-data")), "--output", join(runs, "demo"), "-q"));
