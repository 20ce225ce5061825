# Every target is a plain cargo line or two: nothing needs make to be understood.

# Where `make sample` and `make demo` keep their lake.
LAKE := target/demo-lake
TRAILSIFT := cargo run --quiet --package cli --

.DEFAULT_GOAL := help
.PHONY: help build demo sample test variants lint fmt check bench bench-ingest bench-peers bench-rules bench-scaling docs bless clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the binary, unoptimised: target/debug/trailsift
	cargo build --package cli

demo: sample ## make a lake of the sample archive, run all rules and one query over its last half hour
	$(TRAILSIFT) detect --lake $(LAKE) --now latest --from -30min --format table
	$(TRAILSIFT) query --file data/queries/tutorial/unauthorized-calls.dql --lake $(LAKE) --now latest --format table

sample: build ## make a lake of the sample archive, in target/demo-lake
	rm -rf target/demo-lake
	$(TRAILSIFT) ingest data/cloudtrail --lake $(LAKE) --bucket my_aws_bucket

test: ## run all tests
	cargo test --workspace

variants: ## build and test the binary without its features; DataFusion is compiled anew for it, which takes minutes
	cargo test --package cli --no-default-features --test console without_aws
	cargo clippy --package cli --no-default-features --all-targets -- -D warnings

lint: ## check the formatting, and let clippy read everything
	cargo fmt --check
	cargo clippy --workspace --all-targets -- -D warnings

fmt: ## format everything
	cargo fmt

check: lint test ## what a change must pass

bench: ## run the benchmarks, optimised
	cargo bench --package benches

# Such as BENCH=--quick, or BENCH="--events 200000 --rounds 5"; `benches/ingest.py --help` has them all.
bench-ingest: ## ingest a million events beside DuckDB and ClickHouse (from PyPI, into target/peers)
	cargo build --release --package cli --package generate
	test -d target/peers || python3 -m venv target/peers
	target/peers/bin/pip install --quiet --requirement benches/peers/requirements.txt
	target/peers/bin/python benches/ingest.py $(BENCH)

bench-peers: ## ask a lake of a million events our questions, beside DuckDB, ClickHouse and Polars (from PyPI, into target/peers)
	cargo build --release --package cli --package generate
	test -d target/peers || python3 -m venv target/peers
	target/peers/bin/pip install --quiet --requirement benches/peers/requirements.txt
	target/peers/bin/python benches/peers.py $(BENCH)

bench-rules: ## run 1 to 800 Sigma rules over a million events, beside RSigma (from crates.io, into target/rsigma)
	cargo build --release --package cli --package generate
	cargo build --release --manifest-path benches/rsigma/Cargo.toml --target-dir target/rsigma
	python3 benches/rules.py $(BENCH)

bench-scaling: ## fill a lake with 1, 10 and 100 million events, and ask it at each size (40 GB of disk, most of an hour)
	cargo build --release --package cli --package generate
	test -d target/peers || python3 -m venv target/peers
	target/peers/bin/pip install --quiet --requirement benches/peers/requirements.txt
	target/peers/bin/python benches/scaling.py $(BENCH)

docs: ## write the pages that are made from the code: docs/columns.md, functions.md, errors.md, ecs.md
	BLESS=1 cargo test --package tests --test cases pages::
	BLESS=1 cargo test --package rules page

bless: ## write what the cases in tests/cases expect anew; read the difference before you believe it
	BLESS=1 cargo test --package tests --test cases documents::every_case_holds

clean: ## remove everything that was built
	cargo clean
