package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/acs/connreq"
	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/web/api"
)

// quirksPort is acs.Quirks over what operators declare now.
type quirksPort struct{ watch *declared.Watch[*quirks.Set] }

func (p quirksPort) For(s quirks.Subject) *quirks.Resolved { return p.watch.Current().For(s) }

// profiles knows the file with each device's own settings; *delivery.Profiles is it.
type profiles interface {
	// Of returns the profile of a device, or files.ErrNotFound.
	Of(ctx context.Context, id device.ID) (delivery.Profile, error)
}

// fileOffers makes files ready for devices, for the CWMP server.
type fileOffers struct {
	library  *files.Library
	profiles profiles
	// base is the configured URL of the files listener; without one, it is
	// address on the host by which the device reached us.
	base    string
	address string
	tls     bool
}

// Offer implements acs.FileServer.
func (f *fileOffers) Offer(ctx context.Context, r acs.FileRequest) (acs.FileOffer, error) {
	base, err := f.baseURL(r.Host)
	if err != nil {
		return acs.FileOffer{}, err
	}
	offer, err := f.offer(ctx, r)
	if errors.Is(err, files.ErrNotFound) || errors.Is(err, files.ErrName) {
		return acs.FileOffer{}, fmt.Errorf("%w: %w", acs.ErrNoFile, err)
	}
	if err != nil {
		return acs.FileOffer{}, err
	}
	link, err := files.OfferURL(base, offer)
	if err != nil {
		return acs.FileOffer{}, fmt.Errorf("%w: %w", acs.ErrNoFile, err)
	}
	return acs.FileOffer{URL: link, FileType: offer.File.Type, Version: offer.File.Version, Size: offer.File.Size}, nil
}

// offer makes the folder with the file, or with the device's profile.
func (f *fileOffers) offer(ctx context.Context, r acs.FileRequest) (files.Offer, error) {
	asked := files.OfferRequest{Device: r.Device, Task: string(r.Task), Name: r.Name, Expires: r.Until}
	if r.Name != tasks.ProfileFile {
		return f.library.Offer(ctx, asked)
	}
	profile, err := f.profiles.Of(ctx, r.Device)
	if err != nil {
		return files.Offer{}, fmt.Errorf("profile of the device: %w", err)
	}
	asked.Name, asked.Profile = profile.Name, true
	offer, err := f.library.Offer(ctx, asked)
	offer.File.Type = profile.FileType
	return offer, err
}

// Receive implements acs.FileServer.
func (f *fileOffers) Receive(ctx context.Context, r acs.ReceiveRequest) (acs.FileReceipt, error) {
	base, err := f.baseURL(r.Host)
	if err != nil {
		return acs.FileReceipt{}, err
	}
	receipt, err := f.library.Receive(ctx, files.ReceiveRequest{Device: r.Device, Task: string(r.Task), Type: r.FileType, Expires: r.Until})
	if err != nil {
		return acs.FileReceipt{}, err
	}
	link, err := files.ReceiptURL(base, receipt)
	if err != nil {
		return acs.FileReceipt{}, fmt.Errorf("%w: %w", acs.ErrNoFile, err)
	}
	return acs.FileReceipt{URL: link, Name: receipt.Name}, nil
}

// Received implements acs.FileServer.
func (f *fileOffers) Received(ctx context.Context, name string) (int64, error) {
	file, err := f.library.Get(ctx, name)
	if errors.Is(err, files.ErrNotFound) {
		return 0, fmt.Errorf("%w: %w", acs.ErrNoFile, err)
	}
	return file.Size, err
}

func (f *fileOffers) baseURL(host string) (*url.URL, error) {
	if f.base != "" {
		return url.Parse(f.base)
	}
	_, port, err := net.SplitHostPort(f.address)
	if err != nil || host == "" {
		return nil, fmt.Errorf("%w: it is not known how devices reach the files listener: set --files-url", acs.ErrNoFile)
	}
	scheme := "http"
	if f.tls {
		scheme = "https"
	}
	return &url.URL{Scheme: scheme, Host: net.JoinHostPort(host, port)}, nil
}

// deviceRecords finds what a connection request needs in the device records.
type deviceRecords struct {
	devices device.Store
	keeper  *secret.Keeper
	now     func() time.Time
}

// Target implements connreq.Targets.
func (d *deviceRecords) Target(ctx context.Context, id string) (connreq.Target, error) {
	record, err := d.devices.Get(ctx, device.ID(id))
	if err != nil {
		return connreq.Target{}, err
	}
	target := connreq.Target{Device: id, URL: record.ConnectionRequest.URL}
	if address, err := netip.ParseAddr(record.Address); err == nil {
		target.SourceAddress = address
	}
	r := record.ConnectionRequest
	for _, c := range []struct {
		username string
		password secret.Sealed
	}{{r.Username, r.Password}, {r.PendingUsername, r.PendingPassword}} {
		if c.password == "" {
			continue
		}
		password, err := d.keeper.Open(c.password, device.ConnectionRequestOwner(record.ID))
		if err != nil {
			return connreq.Target{}, fmt.Errorf("open connection request password: %w", err)
		}
		target.Credentials = append(target.Credentials, connreq.Credential{Username: c.username, Password: password})
	}
	return target, nil
}

// InSession implements connreq.Sessions.
func (d *deviceRecords) InSession(ctx context.Context, id string) (bool, error) {
	record, err := d.devices.Get(ctx, device.ID(id))
	if err != nil {
		return false, err
	}
	return record.Session.Open(d.now()), nil
}

// wakerPort is the waker as the API wants it.
type wakerPort struct{ waker *connreq.Waker }

// Wake implements api.Waker.
func (w wakerPort) Wake(ctx context.Context, id device.ID) (api.WakeResult, error) {
	result, err := w.waker.Wake(ctx, string(id))
	switch {
	case errors.Is(err, device.ErrNotFound):
		return api.WakeResult{}, err
	case result.Outcome == connreq.Deferred:
		return api.WakeResult{Reached: true, Method: "session", Detail: "the device is in a session"}, nil
	case err != nil:
		return api.WakeResult{Method: result.Method, Detail: err.Error()}, nil
	}
	return api.WakeResult{Reached: true, Method: result.Method}, nil
}

// libraryPort is the library as the API wants it.
type libraryPort struct{ *files.Library }

// Delete implements api.Library.
func (l libraryPort) Delete(ctx context.Context, name string) error {
	_, err := l.Library.Delete(ctx, name)
	return err
}

// sessionObserver tells the rest of the house of CWMP sessions.
type sessionObserver struct {
	// node is the ID of this one.
	node    string
	hub     *api.Hub
	history *history.Recorder
	waker   *connreq.Waker
	logger  *slog.Logger
}

// SessionBegan implements acs.Observer.
func (o *sessionObserver) SessionBegan(s acs.Summary, created bool) {
	if created {
		d := s.Device
		o.logger.Info("new device", logkeys.Device, d.ID, logkeys.Session, s.Name(), logkeys.OUI, d.OUI, logkeys.ProductClass, d.ProductClass,
			logkeys.SerialNumber, d.SerialNumber, logkeys.Address, d.Address)
	}
	o.hub.DeviceChanged(s.Device)
}

// SessionEnded implements acs.Observer.
func (o *sessionObserver) SessionEnded(s acs.Summary) {
	kept := sessionOf(s)
	o.history.SessionEnded(kept)
	o.hub.SessionEnded(api.SessionEvent{
		ID: kept.ID, Device: kept.Device, Events: kept.Events, StartedAt: kept.StartedAt, EndedAt: kept.EndedAt, Outcome: kept.Outcome, RPCs: kept.RPCs,
		Calls: kept.Calls, RetryCount: kept.RetryCount, Address: kept.Address, Node: o.node,
	})
	o.waker.SessionEnded(string(s.Device.ID))
}
