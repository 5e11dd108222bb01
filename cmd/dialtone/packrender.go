package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/plan"
	"github.com/dialtone-acs/dialtone/store"
)

type packRenderCommand struct {
	dataOptions

	Device  string `help:"Render the files of this device as it would be given them now, from the store: its id or MAC address. No other flag but --file, --url and --secrets then." placeholder:"DEVICE"`
	Secrets bool   `help:"Show the passwords of --device."`

	Pack     string `help:"Folder or zip of a pack, or the name of one that this program holds." placeholder:"PACK"`
	Model    string `help:"Model of the phone, as the pack or the phone names it." placeholder:"MODEL"`
	Settings string `help:"YAML file with the settings: each key is a path, such as account.1.user." placeholder:"FILE"`
	File     string `help:"Render only the file of this name, such as 001565aabbcc.cfg, or of this pattern, such as {mac}.cfg." placeholder:"NAME"`
	MAC      string `name:"mac" default:"02:00:00:11:22:33" help:"MAC address of the phone." placeholder:"MAC"`
	Serial   string `help:"Serial number of the phone." placeholder:"SERIAL"`
	URL      string `name:"url" default:"http://dialtone.example.com/" help:"Address below which the phone would find its files." placeholder:"URL"`
}

// maxSettingsFile bounds the file with settings, in bytes.
const maxSettingsFile = 1 << 20

// Run writes the files to standard output; of several, each after a line with its name.
func (c *packRenderCommand) Run(ctx context.Context, s *streams) error {
	if c.Device != "" {
		return c.renderDevice(ctx, s)
	}
	for name, value := range map[string]string{"pack": c.Pack, "model": c.Model, "settings": c.Settings} {
		if value == "" {
			return fmt.Errorf("--%s: must be given, unless --device is", name)
		}
	}
	catalogue, err := provisioners.DefaultCatalogue()
	if err != nil {
		return err
	}
	p, err := loadPack(ctx, c.Pack, catalogue)
	if err != nil {
		return fmt.Errorf("--pack: %w", err)
	}
	d, served, err := c.device(p)
	if err != nil {
		return err
	}
	settings, err := readSettings(c.Settings, catalogue)
	if err != nil {
		return fmt.Errorf("--settings: %w", err)
	}
	links, err := c.links(settings)
	if err != nil {
		return err
	}
	m, _ := p.Model(served.Model)
	phone := p.PhoneOf(m, d, settings)
	phone.SetLinks(links)
	files, err := c.files(p, m, d)
	if err != nil {
		return err
	}
	for _, f := range files {
		content, err := p.Render(ctx, f, phone)
		if err != nil {
			return err
		}
		if len(files) > 1 {
			fmt.Fprintf(s.out, "==> %s <==\n", f.NameFor(m, d.MAC, c.Serial))
		}
		if _, err := s.out.Write(content); err != nil {
			return err
		}
	}
	return nil
}

// renderDevice writes the files of a device of the store. Nothing is stored: a secret
// that is made when the phone asks is shown as one that is yet to be made.
func (c *packRenderCommand) renderDevice(ctx context.Context, s *streams) error {
	if c.Pack+c.Model+c.Settings+c.Serial != "" {
		return errors.New("--device: the store says what its pack, model, serial number and settings are")
	}
	return withSettings(ctx, c.dataOptions, c.URL, func(rooms *settingsRooms, opened store.Store) error {
		d, err := deviceNamed(ctx, opened.Devices(), c.Device)
		if err != nil {
			return fmt.Errorf("--device: %w", err)
		}
		all, err := rooms.resolver.EffectiveOf(ctx, []device.Device{d}, provisioners.Change{ReadOnly: true})
		if err != nil {
			return err
		}
		if all[0].Err != nil {
			return all[0].Err
		}
		files, err := rooms.renderer.Files(ctx, d, all[0], rooms.shelf.Registry())
		if err != nil {
			return err
		}
		return c.show(s, files, all[0].Secrets())
	})
}

// show writes the files that are asked for, without the secrets unless they are asked for.
func (c *packRenderCommand) show(s *streams, files []plan.File, secrets []string) error {
	shown := 0
	for _, f := range files {
		if f.Static || c.File != "" && f.Name != c.File {
			continue
		}
		shown++
		content := string(f.Content)
		if f.Problem != "" {
			return fmt.Errorf("%s: %s", f.Name, f.Problem)
		}
		if !c.Secrets {
			content = secret.Conceal(content, secrets)
		}
		fmt.Fprintf(s.out, "==> %s <==\n%s", f.Name, content)
	}
	if shown == 0 {
		return errors.New("no vendor pack has such a file for the device")
	}
	return nil
}

// device returns the phone that the flags describe.
func (c *packRenderCommand) device(p *pack.Pack) (device.Device, provisioners.Served, error) {
	mac, err := device.ParseMAC(c.MAC)
	if err != nil {
		return device.Device{}, provisioners.Served{}, fmt.Errorf("--mac: %w", err)
	}
	d := device.Device{Manufacturer: p.Vendor, Model: c.Model, MAC: mac, CWMPIdentity: device.CWMPIdentity{SerialNumber: c.Serial}}
	served, ok := pack.NewRegistry(p).For(d)
	if !ok {
		return d, served, fmt.Errorf("--model: the pack %s has no model %q", p.Name, c.Model)
	}
	return d, served, nil
}

// files returns those that are asked for.
func (c *packRenderCommand) files(p *pack.Pack, m *pack.Model, d device.Device) ([]*pack.File, error) {
	all := p.FilesOf(m)
	if c.File == "" {
		return all, nil
	}
	names := make([]string, len(all))
	for i, f := range all {
		if names[i] = f.NameFor(m, d.MAC, c.Serial); f.Name == c.File {
			return []*pack.File{f}, nil
		}
	}
	if f, ok := pack.NewRegistry(p).File(p.Name, m.Name, c.File); ok {
		return []*pack.File{f}, nil
	}
	return nil, fmt.Errorf("--file: the model %s has the files %s", m.Name, strings.Join(names, ", "))
}

// links returns the addresses that the templates see.
func (c *packRenderCommand) links(settings map[string]string) (provisioners.Links, error) {
	base := c.URL
	if declared := settings["provisioning.url"]; declared != "" {
		base = declared
	}
	if !strings.HasSuffix(base, "/") {
		base += "/"
	}
	parsed, err := url.Parse(base)
	if err != nil || parsed.Host == "" {
		return provisioners.Links{}, errors.New("--url: expected an address such as http://dialtone.example.com/")
	}
	l := provisioners.Links{Base: base, Scheme: parsed.Scheme, Host: parsed.Hostname(), Port: parsed.Port(), Directory: base + "directory.xml"}
	if l.Port == "" {
		l.Port = map[string]string{"http": "80", "https": "443", "tftp": "69"}[parsed.Scheme]
	}
	switch {
	case settings["firmware.url"] != "":
		l.Firmware = settings["firmware.url"]
	case settings["firmware.file"] != "":
		l.Firmware = base + url.PathEscape(settings["firmware.file"])
	}
	return l, nil
}

// readSettings reads a file of paths and values. Errors name its lines.
func readSettings(path string, c *provisioners.Catalogue) (map[string]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxSettingsFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", path, maxSettingsFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	values := map[string]yaml.Node{}
	if err := yaml.Unmarshal(data, &values); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	settings, wrong := map[string]string{}, []error(nil)
	for name, node := range values {
		text, err := c.Parse(name, plainSetting(&node))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s:%d: %w", path, node.Line, err))
			continue
		}
		settings[name] = text
	}
	return settings, errors.Join(wrong...)
}

// plainSetting returns a scalar's text as it is written, so that 007 stays what it is, or
// a list of such.
func plainSetting(node *yaml.Node) any {
	switch node.Kind {
	case yaml.ScalarNode:
		return node.Value
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, one := range node.Content {
			list[i] = plainSetting(one)
		}
		return list
	default:
		// The catalogue refuses it in its own words.
		return map[string]any{}
	}
}
