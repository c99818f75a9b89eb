# The two commands of the README are `make demo` and `make test`; each does all the set-up itself.
.PHONY: build demo test asan lint format clean

jobs ?= $(shell nproc)
report ?= demo-report

build:
	@scripts/bootstrap
	cmake --preset release --log-level=WARNING
	cmake --build --preset release -j $(jobs)

demo: build
	build/release/faultline demo --output $(report)

test:
	@scripts/bootstrap
	cmake --preset dev
	cmake --build --preset dev -j $(jobs)
	ctest --preset dev

# The same tests under AddressSanitizer and UndefinedBehaviorSanitizer, without those labelled slow.
asan:
	@scripts/bootstrap
	cmake --preset asan
	cmake --build --preset asan -j $(jobs)
	ctest --preset asan

lint:
	@scripts/bootstrap --lint
	cmake --preset tidy
	cmake --build --preset tidy -j $(jobs)
	git ls-files '*.cc' '*.h' | xargs clang-format --dry-run --Werror

format:
	git ls-files '*.cc' '*.h' | xargs clang-format -i

clean:
	rm -rf build $(report)
