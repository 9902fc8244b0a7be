.PHONY: demo test build lint format blas

# The main job: one model, one chip, one verdict.
demo: blas
	swift build -c release
	.build/release/eaves bound llama-3.1-8b --on apple-m2-max-38 --weights q4_k_m --context 8k

test: blas
	swift build --build-tests
	swift test --skip-build

build: blas
	swift build -c release

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Plugins Benchmarks/Package.swift Benchmarks/Sources

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests Plugins Benchmarks/Package.swift Benchmarks/Sources

# OpenBLAS, which only eaves-kernels links; installed where it is missing.
blas:
	@Scripts/install-openblas
