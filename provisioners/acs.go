package provisioners

import "github.com/dialtone-acs/dialtone/internal/secret"

// ACS is where a phone informs, and as whom.
type ACS struct {
	// URL is the address of the ACS, empty if it is not known.
	URL string
	// Username and Password are the device's own; both are empty where it is given none.
	Username string
	Password secret.Text
}

// SetACS puts the ACS into the tree where the settings leave it open: cwmp.url, and
// cwmp.username with cwmp.password. These two go together, so that no phone has the
// name of one credential and the password of another.
func (p Phone) SetACS(a ACS) {
	tree, ok := p["cwmp"].(map[string]any)
	if !ok {
		tree = map[string]any{}
		p["cwmp"] = tree
	}
	if leaf(tree, "url") == "" {
		tree["url"] = a.URL
	}
	if leaf(tree, "username") == "" && leaf(tree, "password") == "" {
		tree["username"], tree["password"] = a.Username, a.Password.Reveal()
	}
}

// leaf returns a text of a tree, empty if there is none.
func leaf(tree map[string]any, name string) string {
	text, _ := tree[name].(string)
	return text
}
