package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/roster"
	"github.com/dialtone-acs/dialtone/store"
)

// withSettings makes the rooms of settings over a store that a server may have open, for
// work of a command.
func withSettings(ctx context.Context, o dataOptions, filesURL string, work func(*settingsRooms, store.Store) error) error {
	base, err := parseFilesURL(filesURL)
	if err != nil {
		return err
	}
	return withStore(ctx, o, func(opened store.Store) error {
		keeper, err := openKeeper(ctx, opened, o)
		if err != nil {
			return err
		}
		content, closer, err := openContent(o, opened)
		if err != nil {
			return err
		}
		if closer != nil {
			defer closer.Close()
		}
		logger := slog.New(slog.DiscardHandler)
		library, err := files.NewLibrary(files.Options{Store: opened.Files(), Content: content, Now: clock, Logger: logger})
		if err != nil {
			return err
		}
		rooms, err := newSettings(ctx, settingsParts{store: opened, keeper: keeper, library: library, base: base, now: clock, logger: logger})
		if err != nil {
			return err
		}
		return work(&rooms, opened)
	})
}

// rosterService brings settings in, over a store that a server may have open.
func rosterService(ctx context.Context, o dataOptions, opened store.Store) (*roster.Service, error) {
	keeper, err := openKeeper(ctx, opened, o)
	if err != nil {
		return nil, err
	}
	catalogue, err := provisioners.DefaultCatalogue()
	if err != nil {
		return nil, err
	}
	return roster.New(roster.Options{
		Devices: opened.Devices(), Groups: opened.Groups(), Levels: opened.Levels(), Lines: opened.Lines(), Catalogue: catalogue, Keeper: keeper, Now: clock,
	})
}

// deviceNamed returns the device of an id or a MAC address.
func deviceNamed(ctx context.Context, devices device.Store, name string) (device.Device, error) {
	var d device.Device
	var err error
	if id, wrong := device.ParseID(name); wrong == nil {
		d, err = devices.Get(ctx, id)
	} else if mac, wrong := device.ParseMAC(name); wrong == nil {
		d, err = devices.ByIdentity(ctx, device.MACIdentity(mac))
	} else {
		return d, errors.New("expected the id or the MAC address of a device")
	}
	if errors.Is(err, device.ErrNotFound) {
		return d, fmt.Errorf("there is no device %s", name)
	}
	return d, err
}
