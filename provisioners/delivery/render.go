package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// job is a file to be rendered.
type job struct {
	pack     *pack.Pack
	model    *pack.Model
	file     *pack.File
	device   device.Device
	settings *provisioners.Effective
	// fingerprint is that of the settings.
	fingerprint string
	links       provisioners.Links
	contacts    []provisioners.Contact
	// owned are the paths of the settings that the file leaves out, in order.
	owned []string
	acs   provisioners.ACS
}

// setOwned has the file leave out what parameters carry, if the pack's files can.
func (j *job) setOwned(paths []string) {
	j.owned = nil
	if m := j.pack.Mapping; m != nil && m.Split() {
		j.owned = slices.Sorted(slices.Values(paths))
	}
}

// phone returns what the template sees.
func (j *job) phone() provisioners.Phone {
	phone := j.settings.Phone(j.device, j.pack.Served(j.model))
	phone.SetLinks(j.links)
	phone.SetDirectory(j.contacts)
	phone.SetOwned(j.owned)
	phone.SetACS(j.acs)
	return phone
}

// key says what the file is made of.
func (j *job) key() cacheKey {
	hash := sha256.New()
	write := func(texts ...string) {
		for _, text := range texts {
			var length [8]byte
			binary.BigEndian.PutUint64(length[:], uint64(len(text)))
			hash.Write(length[:])
			hash.Write([]byte(text))
		}
	}
	d := &j.device
	write(d.MAC, d.SerialNumber, d.Model, d.SoftwareVersion, d.Group, j.model.Name)
	write(j.links.Base, j.links.Firmware, j.links.Directory)
	write(j.acs.URL, j.acs.Username, j.acs.Password.Reveal())
	write(strconv.Itoa(len(j.owned)))
	write(j.owned...)
	for _, c := range j.contacts {
		write(c.Name, c.Number)
	}
	key := cacheKey{device: string(d.ID), pack: j.pack.Name, revision: j.pack.Revision(), file: j.file.Name + " " + j.file.Template, fingerprint: j.fingerprint}
	hash.Sum(key.rest[:0])
	return key
}

// render returns the file, as it was made before if nothing has changed since. Only so
// many are made at once: the rest waits.
func (s *Server) render(ctx context.Context, j *job) (made, error) {
	key := j.key()
	if m, ok := s.cache.get(key); ok {
		s.metrics.rendered.WithLabelValues(resultKept).Inc()
		return m, nil
	}
	content, err := s.make(ctx, j)
	if err != nil {
		return made{}, err
	}
	m := newMade(content)
	s.cache.put(key, m)
	return m, nil
}

// make renders the file.
func (s *Server) make(ctx context.Context, j *job) ([]byte, error) {
	select {
	case s.rendering <- struct{}{}:
		defer func() { <-s.rendering }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	start := time.Now()
	content, err := j.pack.Render(ctx, j.file, j.phone())
	if err != nil {
		s.metrics.rendered.WithLabelValues(resultError).Inc()
		return nil, fmt.Errorf("make %s of the pack %s: %w", j.file.Name, j.pack.Name, err)
	}
	s.metrics.rendered.WithLabelValues(resultRendered).Inc()
	s.metrics.duration.Observe(time.Since(start).Seconds())
	return content, nil
}

const (
	// defaultInterval is how often a phone asks where no setting says.
	defaultInterval = 24 * time.Hour
	// onlineGrace is added to two intervals, for clocks and retries.
	onlineGrace = time.Minute
)

// onlineFor returns how long a phone counts as online after it asked: two of its
// intervals and a minute.
func onlineFor(settings *provisioners.Effective) time.Duration {
	interval := defaultInterval
	if seconds, err := strconv.Atoi(text(settings, "provisioning.interval")); err == nil && seconds > 0 {
		interval = time.Duration(seconds) * time.Second
	}
	return 2*interval + onlineGrace
}
