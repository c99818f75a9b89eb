// The pages that only `faultline serve` has.
import "./style.css";
import "./serve.css";
import { runsPage } from "./runs";
import { tryPage } from "./try";

const pages: Record<string, () => HTMLElement> = { runs: runsPage, try: tryPage };
const page = pages[document.body.dataset.page ?? ""];
document.getElementById("loading")?.remove();
if (page) document.body.append(page());
