package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// composeFile is what the tests look at in docker-compose.yml.
type composeFile struct {
	Services map[string]*composeService
	Networks map[string]struct {
		IPAM struct{ Config []struct{ Subnet string } }
	}
	Volumes map[string]any
	Secrets map[string]struct{ File string }
}

type composeService struct {
	Image       string
	Build       string
	Command     []string
	Environment map[string]string
	Secrets     []composeSecret
	Volumes     []string
	Ports       []string
	Tmpfs       []string
	ReadOnly    bool `yaml:"read_only"`
	DependsOn   any  `yaml:"depends_on"`
	Healthcheck *struct{ Test []string }
	Restart     string
	StopGrace   string `yaml:"stop_grace_period"`
	Networks    any
	Hostname    string
}

// composeSecret is the name of a secret, or a name with the place where it is
// mounted.
type composeSecret struct{ Source, Target string }

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *composeSecret) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&s.Source)
	}
	var long struct{ Source, Target string }
	err := node.Decode(&long)
	*s = composeSecret(long)
	return err
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var c composeFile
	if err := yaml.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestComposeRunsTwoNodesThatDifferInNothingButTheirName(t *testing.T) {
	c := readCompose(t)
	first, second := *c.Services["dialtone1"], *c.Services["dialtone2"]
	first.Hostname, second.Hostname = "", ""
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the nodes differ:\n%s", diff)
	}
	if !slices.Contains(first.Secrets, composeSecret{Source: "secrets_key"}) || first.Environment["DIALTONE_SECRETS_KEY"] != "/run/secrets/secrets_key" {
		t.Errorf("the nodes do not share the key: %v", first.Secrets)
	}
	if !first.ReadOnly || first.StopGrace != "30s" || len(first.Ports) > 0 {
		t.Errorf("a node is %+v", first)
	}
	image, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil || !strings.Contains(string(image), "DIALTONE_DATA_DIR=/data\n") {
		t.Errorf("the image keeps its data elsewhere than where its folder is: %v", err)
	}
}

func TestComposeTrustsTheBalancerAndNobodyElse(t *testing.T) {
	c := readCompose(t)
	networks, _ := c.Services["balancer"].Networks.(map[string]any)
	front, _ := networks["front"].(map[string]any)
	address, err := netip.ParseAddr(front["ipv4_address"].(string))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Services["dialtone1"].Environment["DIALTONE_TRUSTED_PROXIES"], netip.PrefixFrom(address, 32).String(); got != want {
		t.Errorf("the nodes trust %s, the balancer is %s", got, want)
	}
	if subnet := netip.MustParsePrefix(c.Networks["front"].IPAM.Config[0].Subnet); !subnet.Contains(address) {
		t.Errorf("the balancer's address %s is not in %s", address, subnet)
	}
}

func TestComposeServicesAreWatchedAndStartedAgain(t *testing.T) {
	pinned := regexp.MustCompile(`^[a-z./]+:\d+\.\d+\.\d+(-[a-z]+)?$`)
	for name, s := range readCompose(t).Services {
		if s.Build == "" && !pinned.MatchString(s.Image) {
			t.Errorf("%s: image %q has no full version", name, s.Image)
		}
		if name == "mongodb-init" {
			if s.Restart != "no" {
				t.Errorf("%s runs once, restart is %q", name, s.Restart)
			}
			continue
		}
		if s.Healthcheck == nil || len(s.Healthcheck.Test) < 2 {
			t.Errorf("%s has no health check", name)
		}
		if s.Restart != "unless-stopped" || s.StopGrace == "" {
			t.Errorf("%s: restart %q, stop_grace_period %q", name, s.Restart, s.StopGrace)
		}
	}
	raw, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(raw), -1) {
		if from[1] != "scratch" && !pinned.MatchString(strings.TrimSuffix(from[1], "-bookworm")) {
			t.Errorf("Dockerfile: image %s has no full version", from[1])
		}
	}
	if !strings.Contains(string(raw), `HEALTHCHECK`) || !strings.Contains(string(raw), "\nUSER 65532:65532\n") {
		t.Error("the image has no health check, or runs as root")
	}
}

func TestComposeHoldsNoSecret(t *testing.T) {
	c := readCompose(t)
	for name, s := range c.Secrets {
		if !strings.HasPrefix(s.File, "./secrets/") {
			t.Errorf("the secret %s comes from %q", name, s.File)
		}
	}
	for name, s := range c.Services {
		for key, value := range s.Environment {
			if strings.Contains(key, "PASSWORD") && !strings.HasPrefix(value, "/run/secrets/") {
				t.Errorf("%s: %s holds a password", name, key)
			}
			if a := newStoreAddress(value); a.isMongoDB() {
				if _, named, written, err := a.userInfo(); !named || written || err != nil {
					t.Errorf("%s: %s must name a user and no password: %v", name, key, err)
				}
			}
			if file, ok := strings.CutPrefix(value, "/run/secrets/"); ok && !slices.ContainsFunc(s.Secrets, func(x composeSecret) bool { return x.Source == file && x.Target == "" }) {
				t.Errorf("%s: %s names the secret %s, which is not mounted", name, key, file)
			}
		}
		for _, mounted := range s.Secrets {
			if _, ok := c.Secrets[mounted.Source]; !ok {
				t.Errorf("%s mounts the secret %s, which is not declared", name, mounted.Source)
			}
		}
		for _, volume := range s.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			if _, ok := c.Volumes[source]; ok {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, source)); err != nil {
				t.Errorf("%s mounts %s: %v", name, source, err)
			}
		}
	}
	for _, name := range []string{".gitignore", ".dockerignore"} {
		raw, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !regexp.MustCompile(`(?m)^/?secrets/?$`).Match(raw) {
			t.Errorf("%s does not leave the folder of secrets out: %v", name, err)
		}
	}
	script, err := os.ReadFile(filepath.Join(root, "deploy/compose/make-secrets.sh"))
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range c.Secrets {
		if !strings.Contains(string(script), "make "+filepath.Base(s.File)+" ") {
			t.Errorf("nothing makes the secret %s", name)
		}
	}
}

func TestComposeStoreIsAReplicaSetWithUsers(t *testing.T) {
	c := readCompose(t)
	mongod := c.Services["mongodb"].Command
	for _, pair := range [][2]string{{"--replSet", "rs0"}, {"--keyFile", "/run/secrets/mongodb_keyfile"}} {
		if i := slices.Index(mongod, pair[0]); i < 0 || i+1 >= len(mongod) || mongod[i+1] != pair[1] {
			t.Errorf("mongod is run as %v, want %s %s", mongod, pair[0], pair[1])
		}
	}
	if store := c.Services["dialtone1"].Environment["DIALTONE_STORE"]; !strings.Contains(store, "replicaSet=rs0") || !strings.Contains(store, "authSource=dialtone") {
		t.Errorf("the nodes open %s", newStoreAddress(store))
	}
	depends, _ := c.Services["dialtone1"].DependsOn.(map[string]any)
	if _, ok := depends["mongodb-init"]; !ok {
		t.Errorf("the nodes do not wait for the replica set: %v", depends)
	}
}
