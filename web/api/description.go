package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"
)

// page is the readable form of the description. It loads nothing from elsewhere.
//
//go:embed page
var page embed.FS

// pagePolicy allows the page its own script and style and the description,
// nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// registerDescription adds the description of the API. It is the last of all
// registrations: what comes later would not be in it. It is encoded once somebody
// asks for it: that takes longer than all else of New together.
func (a *API) registerDescription() error {
	a.tidySchemas()
	description := a.huma.OpenAPI()
	a.serve("/api/openapi.json", "application/json", sync.OnceValues(func() ([]byte, error) { return json.Marshal(description) }))
	a.serve("/api/openapi.yaml", "application/yaml", sync.OnceValues(description.YAML))
	for _, asset := range []struct{ path, name, contentType string }{
		{"/api/docs", "page/index.html", "text/html; charset=utf-8"},
		{"/api/docs/page.js", "page/page.js", "text/javascript; charset=utf-8"},
		{"/api/docs/page.css", "page/page.css", "text/css; charset=utf-8"},
	} {
		content, err := page.ReadFile(asset.name)
		if err != nil {
			return fmt.Errorf("read %s: %w", asset.name, err)
		}
		a.serve(asset.path, asset.contentType, func() ([]byte, error) { return content, nil })
	}
	return nil
}

// serve adds a route that answers everybody with the same content.
func (a *API) serve(path, contentType string, content func() ([]byte, error)) {
	a.echo.GET(path, named("description", func(c echo.Context) error {
		body, err := content()
		if err != nil {
			return fmt.Errorf("encode %s: %w", path, err)
		}
		h := c.Response().Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		return c.Blob(http.StatusOK, contentType, body)
	}))
}
