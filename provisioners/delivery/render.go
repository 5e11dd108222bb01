package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
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
	select {
	case s.rendering <- struct{}{}:
		defer func() { <-s.rendering }()
	case <-ctx.Done():
		return made{}, ctx.Err()
	}
	start := time.Now()
	phone := j.settings.Phone(j.device, j.pack.Served(j.model))
	phone.SetLinks(j.links)
	phone.SetDirectory(j.contacts)
	content, err := j.pack.Render(ctx, j.file, phone)
	if err != nil {
		s.metrics.rendered.WithLabelValues(resultError).Inc()
		return made{}, fmt.Errorf("make %s of the pack %s: %w", j.file.Name, j.pack.Name, err)
	}
	s.metrics.rendered.WithLabelValues(resultRendered).Inc()
	s.metrics.duration.Observe(time.Since(start).Seconds())
	m := newMade(content)
	s.cache.put(key, m)
	return m, nil
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
