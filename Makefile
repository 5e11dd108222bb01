# Dialtone. `make help` lists what there is.

GO       ?= go
BIN      := bin/dialtone
STANDIN  := bin/standin
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

E2E_ENV := DIALTONE_BINARY=$(CURDIR)/$(BIN) DIALTONE_STANDIN=$(CURDIR)/$(STANDIN)

.DEFAULT_GOAL := help
.PHONY: help build standin run test e2e soak lint bench fuzz clean

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-8s %s\n", $$1, $$2}'

build: ## Build bin/dialtone, one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/dialtone

standin: ## Build bin/standin, which stands in for MongoDB in the tests
	cd store/mongo/standin && CGO_ENABLED=0 $(GO) run ./build -o $(CURDIR)/$(STANDIN)

run: build ## Build and serve with the embedded store in ./data
	@echo 'CWMP: http://localhost:7547/   API: http://localhost:8080/api/docs   stop: Ctrl-C'
	@echo 'In another terminal: bin/dialtone token create --name me --role admin'
	@echo '                     bin/dialtone sim --acs http://localhost:7547/ --devices 5'
	$(BIN) serve --data-dir $(DATA_DIR) --connreq-allow 127.0.0.0/8

test: standin ## Run every test but the long ones (under 10 minutes on 2 cores); DIALTONE_TEST_MONGODB_URI names a real MongoDB
	@$(if $(RACE),true,echo 'NOTE: no C compiler was found: the tests run without the race detector')
	DIALTONE_STANDIN=$(CURDIR)/$(STANDIN) $(RACE_ENV) $(GO) test $(RACE) -shuffle=on -timeout 10m ./...

e2e: build standin ## Run the end-to-end tests through the real binary (under 30 minutes)
	$(E2E_ENV) $(GO) test -tags e2e -count=1 -timeout 30m ./cmd/dialtone/...

soak: build standin ## Run the long tests: hundreds of kills under load
	$(E2E_ENV) DIALTONE_SOAK=1 $(GO) test -tags e2e -count=1 -timeout 3h -run 'Killed' -v ./cmd/dialtone/...

lint: ## Check format, vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
		if [ -n "$$unformatted" ]; then echo 'not formatted:'; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags e2e ./...
	$(GO) run $(STATICCHECK) -tags e2e ./...
	cd store/mongo/standin && $(GO) vet ./... && $(GO) run $(STATICCHECK) ./...

bench: build standin ## Measure codec, queue, both stores, and sessions per second of a real server
	DIALTONE_STANDIN=$(CURDIR)/$(STANDIN) $(GO) test -run '^$$' -bench . -benchmem ./cwmp ./store/sqlite ./acs
	$(E2E_ENV) $(GO) test -tags e2e -run '^$$' -bench . -benchtime 1x ./cmd/dialtone/...

fuzz: ## Fuzz every parser for FUZZTIME (default 30s) each
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $${FUZZTIME:-30s} $$package || exit 1; \
		done; \
	done

clean: ## Remove what was built
	rm -rf bin
