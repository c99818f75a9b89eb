// The program under test and the runs that it made for these tests (make_runs.mjs).
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const source = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function given(name, meaning) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: ${meaning}. ctest sets it; docs/architecture.md shows how to run these tests by hand.`);
  return value;
}

export const program = given("FAULTLINE_PROGRAM", "the program that is tested");
export const runs = given("FAULTLINE_BROWSER_RUNS", "the folder of runs that make_runs.mjs makes");

// The run whose report is tested: one that exists already, or the one made for that.
export const reportRun = process.env.FAULTLINE_REPORT_RUN || join(runs, "study");

export function start(words, options = {}) {
  // Waiting threads that spin would slow down the browser.
  return spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, OMP_WAIT_POLICY: "passive" }, ...options });
}

// What the program prints; it must succeed.
export async function run(...words) {
  const child = start(words);
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  const code = await new Promise((done, failed) => child.on("close", done).on("error", failed));
  if (code !== 0) throw new Error(`faultline ${words.join(" ")} ended with ${code}: ${err}`);
  return out;
}

// A folder for as long as this process runs.
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "faultline-browser-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// faultline serve while the test runs; its address without the slash at the end.
export async function serve(t, ...words) {
  const child = start(["serve", ...words]);
  t.after(() => stop(child));
  const line = await new Promise((said, failed) => {
    let err = "";
    child.stderr.on("data", (data) => (err += data));
    child.stdout.once("data", (data) => said(String(data)));
    child.once("close", (code) => failed(new Error(`faultline serve ended with ${code}: ${err}`)));
  });
  return { pid: child.pid, address: line.trim().replace(/\/$/, ""), stop: () => stop(child) };
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("close", done));
  child.kill("SIGINT");
  await ended;
}
