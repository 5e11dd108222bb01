package delivery

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// issuerStripes is for how many devices credentials are made at once.
const issuerStripes = 64

// issuer gives devices credentials of their own for CWMP, by which an Inform is known to
// come from the phone that took the file.
type issuer struct {
	credentials Credentials
	keeper      Keeper
	now         func() time.Time
	logger      *slog.Logger
	seed        maphash.Seed
	// making holds an element while credentials are made for the devices of a stripe.
	making [issuerStripes]chan struct{}
}

func newIssuer(o *Options) *issuer {
	i := &issuer{credentials: o.Credentials, keeper: o.Keeper, now: o.Now, logger: o.Logger, seed: maphash.MakeSeed()}
	for n := range i.making {
		i.making[n] = make(chan struct{}, 1)
	}
	return i
}

// of returns the credential that the device was given last, a new one if it was given
// none; empty if operators entered so many that there is no room (device.MaxCredentials).
func (i *issuer) of(ctx context.Context, id device.ID) (username string, password secret.Text, err error) {
	c, _, err := i.newest(ctx, id)
	if err == nil && c.Username == "" {
		c, err = i.once(ctx, id)
	}
	if err != nil || c.Username == "" {
		return "", secret.Text{}, err
	}
	if password, err = i.keeper.Open(c.Password, device.CredentialOwner(c.Username)); err != nil {
		return "", secret.Text{}, fmt.Errorf("open the device's credential: %w", err)
	}
	return c.Username, password, nil
}

// newest returns the credential that the device was given last, and how many it has of any
// kind.
func (i *issuer) newest(ctx context.Context, id device.ID) (newest device.Credential, count int, err error) {
	all, err := i.all(ctx, id)
	for _, c := range all {
		if c.Issued {
			newest = c
		}
	}
	return newest, len(all), err
}

func (i *issuer) all(ctx context.Context, id device.ID) ([]device.Credential, error) {
	all, err := i.credentials.CredentialsOf(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read credentials of device: %w", err)
	}
	return all, nil
}

// once makes a credential unless another request of the device just has.
func (i *issuer) once(ctx context.Context, id device.ID) (device.Credential, error) {
	making := i.making[maphash.String(i.seed, string(id))%issuerStripes]
	select {
	case making <- struct{}{}:
		defer func() { <-making }()
	case <-ctx.Done():
		return device.Credential{}, ctx.Err()
	}
	c, count, err := i.newest(ctx, id)
	if err != nil || c.Username != "" {
		return c, err
	}
	if count >= device.MaxCredentials {
		i.logger.WarnContext(ctx, "device has too many credentials to be given one in its file", logkeys.Device, id)
		return device.Credential{}, nil
	}
	return i.issue(ctx, id)
}

// issue makes a credential and stores it. Where another node did the same meanwhile, the
// older one counts and the other goes: nobody was given it.
func (i *issuer) issue(ctx context.Context, id device.ID) (device.Credential, error) {
	c, _, err := device.IssueCredential(id, i.now(), i.keeper.Seal)
	if err != nil {
		return c, err
	}
	if err = i.credentials.PutCredential(ctx, c); err != nil {
		return c, fmt.Errorf("store the device's credential: %w", err)
	}
	return i.settle(ctx, c)
}

func (i *issuer) settle(ctx context.Context, own device.Credential) (device.Credential, error) {
	all, err := i.all(ctx, own.Device)
	if err != nil {
		return own, err
	}
	oldest := slices.IndexFunc(all, func(c device.Credential) bool { return c.Issued })
	if oldest < 0 || all[oldest].Username == own.Username {
		return own, nil
	}
	if err := i.credentials.DeleteCredential(ctx, own.Username); err != nil && !errors.Is(err, device.ErrNotFound) {
		return own, fmt.Errorf("withdraw the device's second credential: %w", err)
	}
	return all[oldest], nil
}
