package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/users"
)

// The names of how operations are secured in the description.
const (
	bearerScheme = "bearer"
	cookieScheme = "cookie"
)

// securitySchemes describes how a request proves who asks.
func securitySchemes() map[string]*huma.SecurityScheme {
	return map[string]*huma.SecurityScheme{
		bearerScheme: {Type: "http", Scheme: "bearer", Description: "A token made by `dialtone token create` or POST /api/v1/tokens."},
		cookieScheme: {Type: "apiKey", In: "cookie", Name: sessionCookie,
			Description: "The browser session that POST /api/v1/signIn begins; over HTTPS the name begins with `__Host-`. What writes is refused for pages of other origins."},
	}
}

// security says which of the schemes an operation of that permission takes: one
// of them is enough.
func security(permission users.Permission) []map[string][]string {
	if permission == public {
		return []map[string][]string{}
	}
	return []map[string][]string{{bearerScheme: {}}, {cookieScheme: {}}}
}
