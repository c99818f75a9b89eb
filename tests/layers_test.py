"""Fails on an #include or a link that goes up the layers, and proves on a planted one that it would."""

import pathlib
import re
import sys

LAYERS = ["base", "stats", "tensor", "net", "formats", "engine", "image", "attack", "control", "heatmap", "compare",
          "causal", "store", "findings", "study", "report", "serve", "cli"]
# Beyond the order: what a layer must not know although it stands above it (docs/architecture.md).
FORBIDDEN = {
    "image": {"net", "formats", "engine"},
    "engine": {"formats"},
    "control": {"attack"},
    "heatmap": {"attack", "control", "formats", "image"},
    "compare": {"attack", "control", "formats", "image"},
    "causal": {"attack", "control", "formats", "image"},
    "store": {"stats", "tensor", "net", "formats", "engine", "image", "attack", "control", "heatmap", "compare", "causal"},
    "findings": {"tensor", "net", "formats", "engine", "image", "attack", "control", "heatmap", "compare", "causal"},
    "report": {"engine", "attack", "control", "formats"},
    "serve": {"control", "causal"},
}
ONLY_IN = {"oneapi/dnnl": "engine/onednn", "CLI/CLI": "cli", "onnx/": "formats", "boost/": "stats", "sqlite3": "store", "httplib": "serve"}
# What a layer must not speak of: statistics know units and positions, whatever these are.
WORDS = {"stats": re.compile(r"layer|image|attack|network|neuron|heatmap", re.I)}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def violations(layer, relative, text):
    for kind, included in INCLUDE.findall(text):
        for library, folder in ONLY_IN.items():
            if kind == "<" and included.startswith(library) and not relative.startswith(folder):
                yield f"{relative}: only src/{folder} may include <{included}>"
        target = included.split("/")[0]
        if kind != '"' or target not in LAYERS or target == layer:
            continue
        if LAYERS.index(target) > LAYERS.index(layer):
            yield f'{relative}: #include "{included}" goes up from {layer} to {target}'
        elif target in FORBIDDEN.get(layer, ()):
            yield f'{relative}: {layer} must not know {target} (#include "{included}")'
    word = WORDS[layer].search(text) if layer in WORDS else None
    if word:
        yield f"{relative}: {layer} must not speak of '{word.group()}'"


def main(root):
    assert list(violations("net", "net/planted.cc", '#include "engine/engine.h"\n')), "the checker misses an upward include"
    assert list(violations("net", "net/planted.cc", "#include <oneapi/dnnl/dnnl.hpp>\n")), "the checker misses a library"
    assert list(violations("stats", "stats/planted.h", "// mean over Images\n")), "the checker misses a word"
    source = pathlib.Path(root) / "src"
    folders = {p.name for p in source.iterdir() if p.is_dir()}
    found = [f"src/{name} is not a known layer" for name in sorted(folders - set(LAYERS))]
    files = 0
    for path in sorted(source.rglob("*.[ch]*")):
        relative = path.relative_to(source).as_posix()
        found += violations(relative.split("/")[0], relative, path.read_text())
        files += 1
    print("\n".join(found) if found else f"{files} files keep to the layers")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
