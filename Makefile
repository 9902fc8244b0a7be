.PHONY: demo test build release-check benchmark kernels kernel-speeds misses lint format blas

# The standard library linked in: starts 1.5 ms sooner (Benchmarks/README.md). Apple's linker has no such option.
static := $(if $(filter Linux,$(shell uname)),--static-swift-stdlib)

# The main job: one model, one chip, one verdict.
demo: blas
	swift build -c release $(static)
	.build/release/eaves bound llama-3.1-8b --on apple-m2-max-38 --weights q4_k_m --context 8k

test: blas
	swift build --build-tests
	swift test --skip-build

build: blas
	swift build -c release $(static)

# Whether the optimised tool says what the tested one says.
release-check: build
	Scripts/compare-builds .build/debug/eaves .build/release/eaves

# Speed and memory, and what limits them: Benchmarks/README.md.
benchmark: build
	swift build -c release --package-path Benchmarks
	Benchmarks/.build/release/EavesBenchmarks steps
	Benchmarks/.build/release/EavesBenchmarks rows
	Benchmarks/.build/release/EavesBenchmarks command .build/release/eaves

# eaves-kernels for this machine alone: its vectors are wider, so its own kernels are faster (docs/timed-kernels.md).
cpu := $(shell cat /proc/cpuinfo 2>/dev/null)
native := $(if $(filter avx2,$(cpu)),-Xcc -march=native -Xswiftc -DEAVES_LANES_8) $(if $(filter avx512vl,$(cpu)),-Xswiftc -DEAVES_REGISTERS_32)
kernels: blas
	swift build -c release $(native) --product eaves-kernels --scratch-path .build/native

# Kernels against what bounds them, built for every machine and for this one.
kernel-speeds: blas
	swift build -c release --package-path Benchmarks --product KernelSpeeds
	swift build -c release --package-path Benchmarks --product KernelSpeeds $(native) --scratch-path Benchmarks/.build-native
	Benchmarks/.build/release/KernelSpeeds ratios
	Benchmarks/.build-native/release/KernelSpeeds ratios

# Cache misses of timed kernels, counted by valgrind, against predicted bytes: docs/validation.md.
misses: blas
	swift build -c release $(static) --product eaves-kernels
	Scripts/compare-misses .build/release/eaves-kernels

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Plugins Benchmarks/Package.swift Benchmarks/Sources

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests Plugins Benchmarks/Package.swift Benchmarks/Sources

# OpenBLAS, which only eaves-kernels links; installed where it is missing.
blas:
	@Scripts/install-openblas
