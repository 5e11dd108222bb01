package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// serveCommand runs the server.
type serveCommand struct {
	serveOptions

	PrintConfig bool `help:"Print the options as they result from flags, environment and file, and exit."`
}

// stopTimeout bounds an orderly stop: requests in flight are waited for so long.
const stopTimeout = 25 * time.Second

// collectPercent is how much the heap may grow before garbage is collected. A
// session leaves little behind and the live heap is small, so that the usual 100
// collects often: 300 costs some memory and saves a fifth of the CPU under load.
// GOGC in the environment replaces it.
const collectPercent = 300

// Run serves until the context ends.
func (c *serveCommand) Run(ctx context.Context, s *streams, parsed *kong.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	if c.PrintConfig {
		return printConfig(s.out, parsed)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectPercent)
	}
	logger := newLogger(s.err, c.LogLevel, c.LogFormat)
	h, err := newHouse(ctx, &c.serveOptions, logger)
	if err != nil {
		return err
	}
	if err := c.announce(ctx, h, s, logger); err != nil {
		return errors.Join(err, h.close())
	}
	err = h.serve(ctx, func(addresses []string) {
		fmt.Fprintf(s.err, "dialtone %s ready: cwmp %s, files %s, web %s%s\n", version, addresses[0], addresses[1], addresses[2], c.tftpReady(addresses))
	})
	return errors.Join(err, h.close())
}

// announce says on standard error what the operator must know at the start.
func (c *serveCommand) announce(ctx context.Context, h *house, s *streams, logger *slog.Logger) error {
	password, created, err := h.directory.EnsureAdmin(ctx)
	if err != nil {
		return fmt.Errorf("make the first user: %w", err)
	}
	if created {
		fmt.Fprintf(s.err, "A first user was made. It is shown this once:\n  name: admin\n  password: %s\n", password)
	}
	logger.Info("files with secrets go to these networks only; see --files-allow", logkeys.Listener, "files", "networks", c.filesNetworks())
	if c.CwmpAuth == "none" {
		logger.Warn("devices are not authenticated: whoever reaches the CWMP listener can pose as any device; see --cwmp-auth", logkeys.Listener, "cwmp")
	}
	if c.CwmpAuth == "basic" && !c.secured("cwmp", c.CWMPTLS) {
		logger.Warn(c.basicWarning(), logkeys.Listener, "cwmp")
	}
	if c.CwmpLegacyTLSAddr != "" {
		logger.Warn("one more CWMP listener speaks TLS 1.0 and 1.1 with suites that are broken or weak: who is on the way may read and change what is sent there; see --cwmp-legacy-tls-addr",
			logkeys.Listener, legacyListener, logkeys.Address, c.CwmpLegacyTLSAddr)
	}
	return nil
}

// printConfig writes every option of serve with its value, secrets masked.
func printConfig(w io.Writer, parsed *kong.Context) error {
	values := map[string]any{}
	for _, flag := range parsed.Flags() {
		if flag.Name == "help" || flag.Name == "config" || flag.Name == "print-config" {
			continue
		}
		value := parsed.FlagValue(flag)
		if s, ok := value.(secretFlag); ok {
			value = ""
			if !s.IsZero() {
				value = "[secret]"
			}
		}
		switch value := value.(type) {
		case string, bool, int, float64:
			values[flag.Name] = value
		default:
			values[flag.Name] = plain(value)
		}
	}
	encoder := yaml.NewEncoder(w)
	if err := encoder.Encode(values); err != nil {
		return fmt.Errorf("print configuration: %w", err)
	}
	return encoder.Close()
}

// newLogger returns the logger of the server.
func newLogger(w io.Writer, level, format string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // The flag allows known levels only.
	options := &slog.HandlerOptions{Level: l, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindDuration {
			a.Value = slog.StringValue(a.Value.Duration().String()) // JSON would have bare nanoseconds.
		}
		return a
	}}
	if format == "json" || format == "auto" && !isTerminal(w) {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
