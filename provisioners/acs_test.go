package provisioners_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func TestTheACSIsFilledInWhereTheSettingsLeaveItOpen(t *testing.T) {
	own := provisioners.ACS{URL: "http://acs.example/", Username: "own", Password: secret.NewText("own-password")}
	for name, c := range map[string]struct{ has, want map[string]any }{
		"all of it": {
			map[string]any{"url": "", "username": "", "password": "", "enabled": "true"},
			map[string]any{"url": "http://acs.example/", "username": "own", "password": "own-password", "enabled": "true"},
		},
		"not a URL that is set": {
			map[string]any{"url": "http://other.example/"},
			map[string]any{"url": "http://other.example/", "username": "own", "password": "own-password"},
		},
		"no credential beside a user name that is set": {
			map[string]any{"username": "operator", "password": ""},
			map[string]any{"url": "http://acs.example/", "username": "operator", "password": ""},
		},
		"no credential beside a password that is set": {
			map[string]any{"username": "", "password": "operator"},
			map[string]any{"url": "http://acs.example/", "username": "", "password": "operator"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			phone := provisioners.Phone{"cwmp": c.has}
			phone.SetACS(own)
			if got, _ := phone["cwmp"].(map[string]any); !maps.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestAPhoneOfWhichNothingIsKnownTakesAnACS(t *testing.T) {
	phone := provisioners.Phone{}
	phone.SetACS(provisioners.ACS{URL: "http://acs.example/"})
	want := map[string]any{"url": "http://acs.example/", "username": "", "password": ""}
	if got, _ := phone["cwmp"].(map[string]any); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAnACSDoesNotShowItsPassword(t *testing.T) {
	if text := fmt.Sprintf("%v %+v", provisioners.ACS{Password: secret.NewText("hidden")}, provisioners.ACS{Password: secret.NewText("hidden")}); strings.Contains(text, "hidden") {
		t.Error(text)
	}
}
