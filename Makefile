# The two commands of the README are `make demo` and `make test`; each does all the set-up itself.
.PHONY: build demo test accuracy asan lint format bench bench-build bench-kernels clean

jobs ?= $(shell nproc)
report ?= demo-report

build:
	@scripts/bootstrap
	cmake --preset release --log-level=WARNING
	cmake --build --preset release -j $(jobs)

demo: build
	build/release/faultline demo --output $(report)

# From nothing, sources are compiled several at a time, which saves a quarter of an hour; a build folder that is there already
# keeps what it was configured with, for after a change one file at a time is faster.
test:
	@scripts/bootstrap --tests
	cmake --preset dev $(if $(wildcard build/dev),,-DCMAKE_UNITY_BUILD=ON)
	cmake --build --preset dev -j $(jobs)
	ctest --preset dev

# What docs/accuracy.md holds: both embedded networks, and a VGG-16 of full width with random weights on inputs of 64 pixels.
accuracy: build
	@mkdir -p build/accuracy
	build/release/faultline new-model vgg16 --seed 0 --input-size 64 -o build/accuracy/vgg16-random.onnx
	@set -e; for model in models/vgg16-slim-imagenette.onnx models/squeezenet1.0.onnx build/accuracy/vgg16-random.onnx; do \
	  echo; build/release/faultline accuracy $$model images; \
	done

# The same tests under AddressSanitizer and UndefinedBehaviorSanitizer, without those labelled slow.
asan:
	@scripts/bootstrap --tests
	cmake --preset asan
	cmake --build --preset asan -j $(jobs)
	ctest --preset asan

# `files` is a regular expression of paths: `make lint files=src/net` takes minutes, all of it an hour of two cores.
files ?= .
lint:
	@scripts/bootstrap --lint
	cmake --preset tidy
	run-clang-tidy -p build/tidy -quiet -j $(jobs) '$(files)'
	git ls-files '*.cc' '*.h' | xargs clang-format --dry-run --Werror

# faultline beside hand-written PyTorch, and how it scales (docs/performance.md). `parts` names some of it, see
# build/bench/versus --help. OMP_WAIT_POLICY: compute threads do not sleep between two loops, on either side.
bench_model ?= build/vgg16.onnx
parts ?=
bench: bench-build
	@test -e $(bench_model:.onnx=.json) || build/bench/faultline new-model vgg16 --seed 0 --output $(bench_model)
	OMP_WAIT_POLICY=active build/bench/versus $(bench_model) $(parts)

# Single kernels; `kernels` is a regular expression of names.
kernels ?= .
bench-kernels: bench-build
	OMP_WAIT_POLICY=active build/bench/bench_kernels --benchmark_filter='$(kernels)'

bench-build:
	@scripts/bootstrap --bench
	cmake --preset bench --log-level=WARNING
	cmake --build --preset bench -j $(jobs)

format:
	git ls-files '*.cc' '*.h' | xargs clang-format -i

clean:
	rm -rf build $(report)
