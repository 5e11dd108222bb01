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

# The embedded database is Go as well, and the race detector makes it fifteen times as slow: all
# of its tests run without, and those in which several use the store at once with it.
RACED_SQLITE := TestStorePassesTheSuite/(Concurrency|Sessions|Provisioning)|Writes|Write|Batch|Closing|Closed|Backup|Transaction|Neighbours

# The console needs Node 20.19 or newer, and npm. Without them the binary has none.
CONSOLE   := web/console
NODE      := $(shell node --version 2>/dev/null)
NPM       := $(shell npm --version 2>/dev/null)
HAVE_NODE := $(shell node -e 'const [a,b]=process.versions.node.split(".").map(Number); if (a>20 || a===20 && b>=19) console.log("yes")' 2>/dev/null)
ifeq ($(NPM),)
HAVE_NODE :=
endif
ifeq ($(HAVE_NODE),yes)
CONSOLE_TARGET := console
CONSOLE_MODULES := $(CONSOLE)/node_modules/.package-lock.json
else
CONSOLE_TARGET := no-console
endif

E2E_ENV := DIALTONE_BINARY=$(CURDIR)/$(BIN) DIALTONE_STANDIN=$(CURDIR)/$(STANDIN)

.DEFAULT_GOAL := help
# What asks for Node is left out on a machine without it, but not where everything must hold.
NO_NODE = if [ "$$CI" = true ]; then echo 'Node 20.19 or newer and npm are needed'; exit 1; fi; \
	echo "NOTE: no Node 20.19 or newer with npm was found (node: $(or $(NODE),none)): $(1)"

.PHONY: help build console no-console standin run test e2e screenshots tasks soak lint bench fuzz clean

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-11s %s\n", $$1, $$2}'

build: $(CONSOLE_TARGET) ## Build bin/dialtone, one static binary, with the console if Node is here
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/dialtone

console: $(CONSOLE)/node_modules/.package-lock.json ## Build the web console, which the binary then holds
	@echo 'console: built with Node $(NODE), npm $(NPM)'
	npm --prefix $(CONSOLE) run --silent build

no-console:
	@echo 'NOTE: no Node 20.19 or newer with npm was found (node: $(or $(NODE),none)): the binary gets no console'

$(CONSOLE)/node_modules/.package-lock.json: $(CONSOLE)/package-lock.json
	npm --prefix $(CONSOLE) ci --no-audit --no-fund
	@touch $@

standin: ## Build bin/standin, which stands in for MongoDB in the tests
	cd store/mongo/standin && CGO_ENABLED=0 $(GO) run ./build -o $(CURDIR)/$(STANDIN)

run: build ## Build and serve with the embedded store in ./data
	@if [ -f $(CONSOLE)/dist/index.html ]; then echo 'Console: http://localhost:8080/ (sign in as admin; the first start prints the password)'; \
		else echo 'Console: not in this binary (Node 20.19 or newer was missing when it was built)'; fi
	@echo 'CWMP: http://localhost:7547/   API: http://localhost:8080/api/docs   stop: Ctrl-C'
	@echo 'In another terminal: bin/dialtone token create --name me --role admin'
	@echo '                     bin/dialtone sim --acs http://localhost:7547/ --devices 5'
	$(BIN) serve --data-dir $(DATA_DIR) --connreq-allow 127.0.0.0/8

test: standin $(CONSOLE_MODULES) ## Run every test but the long ones (under 10 minutes on 2 cores); DIALTONE_TEST_MONGODB_URI names a real MongoDB
	@$(if $(RACE),true,echo 'NOTE: no C compiler was found: the tests run without the race detector')
	DIALTONE_STANDIN=$(CURDIR)/$(STANDIN) $(RACE_ENV) $(GO) test $(RACE) -shuffle=on -timeout 10m $$($(GO) list ./... | grep -v '/store/sqlite$$')
	CGO_ENABLED=0 $(GO) test -shuffle=on -timeout 10m ./store/sqlite
ifneq ($(RACE),)
	$(RACE_ENV) $(GO) test $(RACE) -shuffle=on -timeout 10m -run '$(RACED_SQLITE)' ./store/sqlite
endif
ifeq ($(HAVE_NODE),yes)
	npm --prefix $(CONSOLE) run --silent test
else
	@$(call NO_NODE,the console is not tested)
endif

e2e: build standin ## Run the end-to-end tests through the real binary and a browser (under 30 minutes)
	$(E2E_ENV) $(GO) test -tags e2e -count=1 -timeout 30m ./cmd/dialtone/...
ifeq ($(HAVE_NODE),yes)
	$(E2E_ENV) npm --prefix $(CONSOLE) run --silent e2e
else
	@$(call NO_NODE,the console is not tested in a browser)
endif

screenshots: build ## Take pictures of every page of the console for docs/screenshots (needs Chromium)
ifeq ($(HAVE_NODE),yes)
	$(E2E_ENV) npm --prefix $(CONSOLE) run --silent screenshots
else
	@$(call NO_NODE,there are no pictures)
endif

tasks: build ## Do ten tasks of a night shift in the console at a person's pace, and count what they take (needs Chromium)
ifeq ($(HAVE_NODE),yes)
	$(E2E_ENV) npm --prefix $(CONSOLE) run --silent tasks
else
	@$(call NO_NODE,no tasks are done)
endif

soak: build standin ## Run the long tests: hundreds of kills under load, a storm of 20,000 phones, 1,000 hostile clients, 2,000 phones that fetch at once, 2,000 that are set at once, and the console open for DIALTONE_SOAK_MINUTES (default 60)
	$(E2E_ENV) DIALTONE_SOAK=1 $(GO) test -tags e2e -count=1 -timeout 3h -run 'Killed|Storm|HonestPhones|FilesAtOnce|AFleetConverges' -v ./cmd/dialtone/...
ifeq ($(HAVE_NODE),yes)
	$(E2E_ENV) npm --prefix $(CONSOLE) run --silent soak
else
	@$(call NO_NODE,the console is not kept open)
endif

lint: $(CONSOLE_MODULES) ## Check format, vet, staticcheck, and the console's types and style
	@unformatted=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
		if [ -n "$$unformatted" ]; then echo 'not formatted:'; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags e2e ./...
	$(GO) run $(STATICCHECK) -tags e2e ./...
	cd store/mongo/standin && $(GO) vet ./... && $(GO) run $(STATICCHECK) ./...
ifeq ($(HAVE_NODE),yes)
	npm --prefix $(CONSOLE) run --silent lint
else
	@$(call NO_NODE,the console is not linted)
endif

bench: build standin ## Measure codec, queue, both stores, sessions per second of a real server, and the console
	DIALTONE_STANDIN=$(CURDIR)/$(STANDIN) $(GO) test -run '^$$' -bench . -benchmem ./cwmp ./store/sqlite ./acs ./provisioners/... ./files/...
	$(E2E_ENV) $(GO) test -tags e2e -run '^$$' -bench . -benchtime 1x ./cmd/dialtone/...
ifeq ($(HAVE_NODE),yes)
	$(E2E_ENV) npm --prefix $(CONSOLE) run --silent measure
else
	@$(call NO_NODE,the console is not measured)
endif

fuzz: ## Fuzz every parser for FUZZTIME (default 30s) each
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $${FUZZTIME:-30s} -fuzzminimizetime 10x $$package || exit 1; \
		done; \
	done

clean: ## Remove what was built
	rm -rf bin $(CONSOLE)/dist/* $(CONSOLE)/node_modules
