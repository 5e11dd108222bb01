package sqlite

import (
	"context"

	"github.com/dialtone-acs/dialtone/device"
)

func (s parameters) Forget(ctx context.Context, id device.ID, path string) (removed int, err error) {
	err = s.write(ctx, "forgetParameters", func(c *conn) error {
		n, err := c.deviceNumber(id)
		if err != nil || n == 0 {
			return err
		}
		from, to := branch(path)
		removed, err = c.exec("DELETE FROM parameters WHERE device = ? AND path >= ? AND path < ?", n, from, to)
		return err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}

// ForgetAttributes does nothing for an unknown device.
func (s parameters) ForgetAttributes(ctx context.Context, id device.ID) error {
	return s.write(ctx, "forgetAttributes", func(c *conn) error {
		n, err := c.deviceNumber(id)
		if err != nil || n == 0 {
			return err
		}
		_, err = c.exec("UPDATE parameters SET notification = NULL, access_list = NULL WHERE device = ? AND (notification IS NOT NULL OR access_list IS NOT NULL)", n)
		return err
	})
}
