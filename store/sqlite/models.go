package sqlite

import (
	"context"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

func (s models) ModelLimits(ctx context.Context, key device.ModelKey) (limits device.ModelLimits, err error) {
	err = s.read(ctx, "getModelLimits", func(c *conn) error {
		_, err := c.one(func(r *row) error { return r.json(&limits) },
			"SELECT limits FROM model_limits WHERE manufacturer = ? AND product_class = ? AND software_version = ?",
			key.Manufacturer, key.ProductClass, key.SoftwareVersion)
		return err
	})
	return limits, err
}

func (s models) PutModelLimits(ctx context.Context, key device.ModelKey, limits device.ModelLimits) error {
	return s.write(ctx, "putModelLimits", func(c *conn) error { return c.putModel(&store.Model{Key: key, Limits: limits}) })
}

// putModel stores what is known of a model in place of what was.
func (c *conn) putModel(m *store.Model) error {
	limits := m.Limits
	limits.MethodsAt = whole(limits.MethodsAt)
	text, err := encode(limits)
	if err != nil {
		return err
	}
	_, err = c.exec("INSERT OR REPLACE INTO model_limits (manufacturer, product_class, software_version, limits) VALUES (?, ?, ?, ?)",
		m.Key.Manufacturer, m.Key.ProductClass, m.Key.SoftwareVersion, text)
	return err
}
