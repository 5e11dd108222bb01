package main

import (
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// certificateReports tell the operator what becomes of a listener's certificate.
type certificateReports struct {
	listener string
	// file is the certificate's.
	file    string
	expires func(time.Time)
	logger  *slog.Logger
}

// Used implements reload.Observer.
func (r *certificateReports) Used(expires time.Time, again bool) {
	r.expires(expires)
	if again {
		r.logger.Info("certificate was read again", logkeys.Listener, r.listener, logkeys.Path, r.file, logkeys.Expires, expires)
	}
}

// Failed implements reload.Observer.
func (r *certificateReports) Failed(err error) {
	r.logger.Error("new certificate cannot be used, the one before stays", logkeys.Listener, r.listener, logkeys.Error, err)
}

// Expiring implements reload.Observer.
func (r *certificateReports) Expiring(expires time.Time, left time.Duration) {
	message := "certificate expires soon"
	if left <= 0 {
		message = "certificate has expired"
	}
	r.logger.Warn(message, logkeys.Listener, r.listener, logkeys.Path, r.file, logkeys.Expires, expires)
}
