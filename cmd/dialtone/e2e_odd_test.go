//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

// oddCase is a thing that real devices do wrong, and how it is to go.
type oddCase struct {
	// row is where it is described: a row of the table of what other servers handle
	// (H), of what they do not (N), a client (C) or a report from the field (F).
	row  string
	name string
	// odd are the oddities or the preset of the device.
	odd []string
	// adjust changes the device further; may be nil.
	adjust func(*cpe.Config)
	// work is what is done with the device; nil reads a value and sets another.
	work func(*oddPhone)
}

// oddPhone is a device of a case with what is needed to work on it.
type oddPhone struct {
	*testing.T
	s     *server
	c     *client
	phone *cpe.Device
	id    string
}

func (c *client) with(t *testing.T) *client {
	own := *c
	own.tb = t
	return &own
}

// runOdd runs cases on one server, each with a device of its own.
func runOdd(t *testing.T, s *server, c *client, prefix string, cases []oddCase) {
	t.Helper()
	for i, test := range cases {
		t.Run(test.row+" "+test.name, func(t *testing.T) {
			t.Parallel()
			phone := s.startPhone(t, fmt.Sprintf("%s%03d", prefix, i), func(config *cpe.Config) {
				config.Odd = test.odd
				// What the server learns of a model is not to help the others.
				config.Identity.ProductClass, config.Identity.ModelName = fmt.Sprintf("ODD-%s%03d", prefix, i), oddModel
				if test.adjust != nil {
					test.adjust(config)
				}
			})
			p := &oddPhone{T: t, s: s, c: c.with(t), phone: phone}
			if test.work != nil {
				test.work(p)
				return
			}
			p.arrives()
			p.readsAndSets()
		})
	}
}

func TestOddDevicesAreServed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	c.upload(oddFile, configurationType, noise(6, 20_000))
	for prefix, cases := range map[string][]oddCase{
		"COOKIE": oddCookies, "TEXT": oddTexts, "INFORM": oddInforms, "LIST": oddLists, "ANSWER": oddAnswers,
		"SETTING": oddSettings, "FLOW": oddFlows, "TRANSFER": oddTransfers, "HTTP": oddHTTP, "CALL": oddCalls, "CLIENT": oddClients,
	} {
		t.Run(prefix, func(t *testing.T) {
			t.Parallel()
			runOdd(t, s, c, prefix, cases)
		})
	}
}

func TestEveryOddityOfTheSimulatedDeviceIsServedByACase(t *testing.T) {
	used := []string{"clone-serial", "growing-tree", "wide-tree"} // Which have tests of their own.
	for _, cases := range [][]oddCase{oddCookies, oddTexts, oddInforms, oddLists, oddAnswers, oddSettings, oddFlows, oddTransfers, oddHTTP, oddCalls, oddClients, oddLogins} {
		for _, test := range cases {
			names, err := cpe.ExpandOdd(test.odd)
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			used = append(used, append(names, test.odd...)...)
		}
	}
	for _, o := range cpe.Oddities() {
		if !slices.Contains(used, o.Name) {
			t.Errorf("no case has the oddity %s", o.Name)
		}
	}
	for _, name := range cpe.Presets() {
		if !slices.Contains(used, name) {
			t.Errorf("no case has the preset %s", name)
		}
	}
}

func TestDevicesThatShareASerialNumberAreOneDeviceAndAreServed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	clone := func(config *cpe.Config) { config.Odd = []string{"clone-serial"} }
	first := s.startPhone(t, "N12A", clone)
	record := c.arrive(first)
	second := s.startPhone(t, "N12B", clone)
	if other := c.arrive(second); other.ID != record.ID {
		t.Errorf("two devices of one identity have the records %s and %s", record.ID, other.ID)
	}
	for _, phone := range []*cpe.Device{first, second, first} {
		task := c.Queue(record.ID, object{"kind": "getParameterValues", "paths": []string{model}})
		phone.Inform()
		c.WaitTask(task.ID, "succeeded")
	}
	c.Get("devices/" + record.ID).Want(http.StatusOK)
}
