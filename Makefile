# Dialtone. `make help` lists what there is.

GO       ?= go
BIN      := bin/dialtone
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
LDFLAGS  := -s -w -X main.version=$(VERSION)
DATA_DIR ?= ./data

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# The race detector needs cgo and a C compiler.
HAVE_CC := $(shell command -v $${CC:-cc} >/dev/null 2>&1 && echo yes)
ifeq ($(HAVE_CC),yes)
RACE     := -race
RACE_ENV := CGO_ENABLED=1
else
RACE     :=
RACE_ENV := CGO_ENABLED=0
endif

.DEFAULT_GOAL := help
.PHONY: help build run test e2e soak lint bench fuzz clean

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-8s %s\n", $$1, $$2}'

build: ## Build bin/dialtone, one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/dialtone

run: build ## Build and serve with the embedded store in ./data
	@echo 'CWMP: http://localhost:7547/   API: http://localhost:8080/api/docs   stop: Ctrl-C'
	@echo 'In another terminal: bin/dialtone token create --name me --role admin'
	@echo '                     bin/dialtone sim --acs http://localhost:7547/ --devices 5'
	$(BIN) serve --data-dir $(DATA_DIR) --connreq-allow 127.0.0.0/8

test: ## Run every test but the long ones (under 10 minutes on 2 cores)
	@$(if $(RACE),true,echo 'NOTE: no C compiler was found: the tests run without the race detector')
	$(RACE_ENV) $(GO) test $(RACE) -shuffle=on -timeout 10m ./...

e2e: build ## Run the end-to-end tests through the real binary (under 30 minutes)
	DIALTONE_BINARY=$(CURDIR)/$(BIN) $(GO) test -tags e2e -count=1 -timeout 30m ./cmd/dialtone/...

soak: build ## Run the long tests: hundreds of kills under load
	DIALTONE_BINARY=$(CURDIR)/$(BIN) DIALTONE_SOAK=1 $(GO) test -tags e2e -count=1 -timeout 3h -run 'Killed' -v ./cmd/dialtone/...

lint: ## Check format, vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
		if [ -n "$$unformatted" ]; then echo 'not formatted:'; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags e2e ./...
	$(GO) run $(STATICCHECK) -tags e2e ./...

bench: build ## Measure codec, queue, store, and sessions per second of a real server
	$(GO) test -run '^$$' -bench . -benchmem ./cwmp ./store/sqlite ./acs
	DIALTONE_BINARY=$(CURDIR)/$(BIN) $(GO) test -tags e2e -run '^$$' -bench . -benchtime 1x ./cmd/dialtone/...

fuzz: ## Fuzz every parser for FUZZTIME (default 30s) each
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $${FUZZTIME:-30s} $$package || exit 1; \
		done; \
	done

clean: ## Remove what was built
	rm -rf bin
