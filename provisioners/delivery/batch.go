package delivery

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// batch is what is stored together.
type batch struct {
	// size counts the records, overflow those of strangers that are too many.
	size, overflow int
	fetches        []provisioners.Fetch
	contacts       map[device.ID]device.Fetched
	strangers      map[string]provisioners.Stranger
	ofStrangers    int
}

func newBatch() *batch {
	return &batch{contacts: map[device.ID]device.Fetched{}, strangers: map[string]provisioners.Stranger{}}
}

// add adds a record. What several say of one phone becomes one.
func (b *batch) add(n record) {
	b.size++
	if n.stranger == nil {
		b.fetches = append(b.fetches, n.fetch)
		before, ok := b.contacts[n.fetch.Device]
		if ok {
			n.contact = merged(before, n.contact)
		}
		b.contacts[n.fetch.Device] = n.contact
		return
	}
	if b.ofStrangers++; b.ofStrangers > maxStrangersAtOnce {
		b.overflow++
		return
	}
	b.fetches = append(b.fetches, n.fetch)
	stranger := *n.stranger
	if before, ok := b.strangers[stranger.ID]; ok {
		stranger.First, stranger.Requests = before.First, before.Requests+1
		stranger.Pack, stranger.Model = either(stranger.Pack, before.Pack), either(stranger.Model, before.Model)
		stranger.UserAgent, stranger.SerialNumber = either(stranger.UserAgent, before.UserAgent), either(stranger.SerialNumber, before.SerialNumber)
	}
	b.strangers[stranger.ID] = stranger
}

// merged returns what two requests of a device say of it. They came in order of their
// ends: the later may have begun before the other, and what the phone holds is the file
// that ended last.
func merged(before, last device.Fetched) device.Fetched {
	if last.At.Before(before.At) {
		before.Held, before.FileHeld = either(last.Held, before.Held), either(last.FileHeld, before.FileHeld)
		before.SoftwareVersion = either(before.SoftwareVersion, last.SoftwareVersion)
		return before
	}
	last.Held, last.FileHeld = either(last.Held, before.Held), either(last.FileHeld, before.FileHeld)
	last.SoftwareVersion = either(last.SoftwareVersion, before.SoftwareVersion)
	if before.OnlineUntil.After(last.OnlineUntil) {
		last.OnlineUntil = before.OnlineUntil
	}
	return last
}

func either(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

// store stores a batch. What cannot be stored is tried again, then dropped.
func (r *recorder) store(ctx context.Context, b *batch) {
	r.drop(resultStranger, b.overflow, nil)
	if len(b.fetches) != 0 {
		err := r.try(ctx, func(ctx context.Context) error { return r.fetches.AppendFetches(ctx, b.fetches) })
		if err != nil {
			r.drop(resultStore, len(b.fetches), err)
		}
	}
	r.storeContacts(ctx, b.contacts)
	for _, stranger := range b.strangers {
		err := r.try(ctx, func(ctx context.Context) error { return r.fetches.NoteStranger(ctx, stranger) })
		if err != nil {
			r.drop(resultStore, 1, err)
		}
	}
}

// storeContacts stores what the requests of known phones say of them.
func (r *recorder) storeContacts(ctx context.Context, contacts map[device.ID]device.Fetched) {
	var all sync.WaitGroup
	slots := make(chan struct{}, contactsAtOnce)
	for id, contact := range contacts {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			err := r.try(ctx, func(ctx context.Context) error { return r.provisioning.NoteFetched(ctx, id, contact) })
			if err != nil && !errors.Is(err, device.ErrNotFound) {
				r.drop(resultStore, 1, err)
			}
		})
	}
	all.Wait()
}

// try does a work of the store, a few times.
func (r *recorder) try(ctx context.Context, work func(context.Context) error) error {
	for attempt := 1; ; attempt++ {
		limited, cancel := context.WithTimeout(ctx, storePatience)
		err := work(limited)
		cancel()
		if err == nil || attempt == storeAttempts || errors.Is(err, device.ErrNotFound) || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(storePause):
		case <-ctx.Done():
		}
	}
}
