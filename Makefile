# `make demo` walks the whole workflow on examples/shop, `make test` runs every test. Both install what they need first.

CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: help demo wheel test cases-all soak test-setup build fmt lint bench

help:
	@echo 'make demo        the whole workflow on examples/shop, each command printed before it runs'
	@echo 'make test        install what the tests need, then run them all'
	@echo 'make wheel       build the Python wheel aludel-migrate, install it and walk the workflow with it'
	@echo 'make cases-all   every case of cases/ on PostgreSQL 14 to 18'
	@echo 'make soak        random pairs of schemas, for ten minutes'
	@echo 'make test-setup  install what the tests need: PostgreSQL, npm, a Python environment in .venv'
	@echo 'make lint        formatting and clippy, as CI has them'
	@echo 'make fmt         format the code'
	@echo 'make bench       time Aludel beside Alembic, psql and pg_dump'

demo:
	@scripts/setup demo
	$(CARGO) build --quiet --release --package aludel-cli
	@ALUDEL="$(abspath $(TARGET))/release/aludel" examples/shop/demo

test: test-setup
	$(CARGO) build --package aludel-cli
	$(CARGO) test --workspace --no-fail-fast

wheel:
	@scripts/setup demo
	@scripts/wheel build
	@scripts/wheel test

cases-all: test-setup
	$(CARGO) xtask cases

soak: test-setup
	$(CARGO) xtask soak --seconds 600 --workers 2

test-setup:
	@scripts/setup test

fmt:
	$(CARGO) fmt --all

lint:
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

bench:
	@scripts/setup test
	$(CARGO) build --quiet --release --package aludel-cli
	$(CARGO) xtask bench
