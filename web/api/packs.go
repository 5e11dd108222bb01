package api

import (
	"context"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/shelf"
)

const packsTag = "Vendor packs"

func (a *API) registerPacks() {
	register(a, operation{
		id: "listPacks", method: http.MethodGet, path: "/packs", tag: packsTag, summary: "List vendor packs in order of name",
		description: "All of them at once: those that came with the program, and those of which a version was uploaded.",
	}, a.listPacks)
	register(a, operation{
		id: "getPack", method: http.MethodGet, path: "/packs/{name}", tag: packsTag, summary: "Get a vendor pack, and which versions of it there are",
		problems: []problemKind{kindNotFound},
	}, a.getPack)
	register(a, operation{
		id: "getPackFile", method: http.MethodGet, path: "/packs/{name}/files/{path}", tag: packsTag, summary: "Get a file of a vendor pack as it is written",
		description: "A path with folders is percent-encoded as one segment.",
		problems:    []problemKind{kindNotFound},
	}, a.getPackFile)
	a.registerPackEdits()
}

// Pack is a vendor pack as lists show it.
type Pack struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Vendor  string `json:"vendor"`
	BuiltIn bool   `json:"builtIn" doc:"It came with the program."`
	Active  string `json:"active" doc:"The version that is in force, or builtIn; empty if none is."`
	Models  int    `json:"models" doc:"How many models it has."`
	Problem string `json:"problem" doc:"Why the version that was chosen is not in force; empty if it is."`
}

// PackDetail is a version of a vendor pack.
type PackDetail struct {
	Pack
	Version      string            `json:"version" doc:"The version that is shown."`
	Number       int               `json:"number" doc:"The version that its maker gave it."`
	Revision     string            `json:"revision" doc:"Identifies its content."`
	Versions     []PackUpload      `json:"versions" nullable:"false" doc:"Those that were uploaded."`
	ModelList    []PackModel       `json:"modelList" nullable:"false"`
	Files        []PackFilePattern `json:"files" nullable:"false" doc:"In the order in which a phone asks for them."`
	Sources      []string          `json:"sources" nullable:"false" doc:"The files that it consists of."`
	Capabilities []string          `json:"capabilities" nullable:"false"`
	Unsupported  []string          `json:"unsupported" nullable:"false" doc:"Settings that its phones cannot be given."`
}

// PackUpload is a version that was uploaded.
type PackUpload struct {
	Version   string    `json:"version"`
	File      string    `json:"file" doc:"The file that holds it."`
	Number    string    `json:"number" doc:"The version that its maker gave it."`
	Size      int64     `json:"size"`
	CreatedAt time.Time `json:"createdAt"`
	CreatedBy string    `json:"createdBy"`
	Active    bool      `json:"active"`
}

// PackModel is a model of phone.
type PackModel struct {
	Name             string   `json:"name"`
	Title            string   `json:"title"`
	Aliases          []string `json:"aliases" nullable:"false"`
	Lines            int      `json:"lines"`
	Keys             int      `json:"keys"`
	ExpansionModules int      `json:"expansionModules"`
	ExpansionKeys    int      `json:"expansionKeys" doc:"Keys of each module."`
	ExpansionModels  []string `json:"expansionModels" nullable:"false"`
}

// PackFilePattern is a file that phones ask for.
type PackFilePattern struct {
	Name        string   `json:"name" doc:"With placeholders, such as {mac}.cfg."`
	Template    string   `json:"template" doc:"Empty for a static file."`
	Format      string   `json:"format"`
	ContentType string   `json:"contentType"`
	Generic     bool     `json:"generic"`
	Secrets     bool     `json:"secrets"`
	Confirms    bool     `json:"confirms"`
	Models      []string `json:"models" nullable:"false" doc:"The models that ask for it; empty for all."`
}

func (a *API) listPacks(ctx context.Context, _ *noInput) (*pageOutput[Pack], error) {
	uploads, err := a.Provisioning.Shelf.Uploads(ctx, "")
	if err != nil {
		return nil, err
	}
	inForce := a.Provisioning.Shelf.Registry().Packs()
	shown, known := []Pack{}, map[string]bool{}
	for _, p := range inForce {
		known[p.Name] = true
		shown = append(shown, a.showPack(p))
	}
	for _, u := range uploads {
		if !known[u.Pack] {
			known[u.Pack] = true
			shown = append(shown, Pack{Name: u.Pack, Title: u.Pack, Problem: a.packProblem(u.Pack)})
		}
	}
	total := len(shown)
	return newPage(shown, "", &total, func(p Pack) (Pack, error) { return p, nil })
}

// showPack shows the pack that is in force under its name.
func (a *API) showPack(p *pack.Pack) Pack {
	return Pack{
		Name: p.Name, Title: p.Title, Vendor: p.Vendor, BuiltIn: a.Provisioning.Shelf.HasBuiltIn(p.Name), Active: a.activeVersion(p.Name),
		Models: len(p.Models), Problem: a.packProblem(p.Name),
	}
}

// activeVersion returns which version of a pack is chosen, empty if nothing serves.
func (a *API) activeVersion(name string) string {
	active := a.Provisioning.Shelf.Active(name)
	if active == shelf.BuiltIn && !a.Provisioning.Shelf.HasBuiltIn(name) {
		return ""
	}
	return active
}

func (a *API) packProblem(name string) string {
	for _, p := range a.Provisioning.Shelf.Problems() {
		if p.Pack == name {
			return p.Message
		}
	}
	return ""
}

// PackPath is the path of what belongs to a vendor pack.
type PackPath struct {
	Name string `path:"name" maxLength:"64" doc:"The name of the pack."`
}

// PackInput names a version of a vendor pack.
type PackInput struct {
	PackPath
	Version string `query:"version" maxLength:"64" doc:"A version, or builtIn; absent for the one in force."`
}

type packOutput struct {
	Body PackDetail
}

// packVersion returns a version of a pack, the one in force for an empty version,
// else the newest upload.
func (a *API) packVersion(ctx context.Context, name, version string) (*pack.Pack, string, error) {
	s := a.Provisioning.Shelf
	if version != "" {
		p, err := s.Version(ctx, name, version)
		return p, version, err
	}
	if p, ok := s.Registry().Pack(name); ok {
		return p, a.activeVersion(name), nil
	}
	uploads, err := s.Uploads(ctx, name)
	if err != nil {
		return nil, "", err
	}
	if len(uploads) == 0 {
		return nil, "", shelf.ErrNotFound
	}
	newest := uploads[0]
	for _, u := range uploads {
		if u.File.CreatedAt.After(newest.File.CreatedAt) {
			newest = u
		}
	}
	p, err := s.Version(ctx, name, newest.Version)
	return p, newest.Version, err
}

func (a *API) getPack(ctx context.Context, in *PackInput) (*packOutput, error) {
	p, version, err := a.packVersion(ctx, in.Name, in.Version)
	if err != nil {
		return nil, err
	}
	return a.packDetail(ctx, p, version)
}

func (a *API) packDetail(ctx context.Context, p *pack.Pack, version string) (*packOutput, error) {
	uploads, err := a.Provisioning.Shelf.Uploads(ctx, p.Name)
	if err != nil {
		return nil, err
	}
	shown := PackDetail{
		Pack: a.showPack(p), Version: version, Number: p.Version, Revision: p.Revision(), Versions: []PackUpload{}, ModelList: []PackModel{}, Files: []PackFilePattern{},
		Sources: p.Sources(), Capabilities: append([]string{}, p.Capabilities...), Unsupported: append([]string{}, p.Unsupported...),
	}
	for _, u := range uploads {
		shown.Versions = append(shown.Versions, PackUpload{
			Version: u.Version, File: u.File.Name, Number: u.File.Version, Size: u.File.Size, CreatedAt: u.File.CreatedAt.UTC(), CreatedBy: u.File.CreatedBy,
			Active: u.Version == shown.Active,
		})
	}
	for _, m := range p.Models {
		shown.ModelList = append(shown.ModelList, PackModel{
			Name: m.Name, Title: m.Title, Aliases: append([]string{}, m.Aliases...), Lines: m.Lines, Keys: m.Keys,
			ExpansionModules: m.ExpansionModules, ExpansionKeys: m.ExpansionKeys, ExpansionModels: append([]string{}, m.ExpansionModels...),
		})
	}
	for _, f := range p.Files {
		shown.Files = append(shown.Files, PackFilePattern{
			Name: f.Name, Template: f.Template, Format: string(f.Format), ContentType: f.ContentType, Generic: f.Generic, Secrets: f.Secrets, Confirms: f.Confirms,
			Models: append([]string{}, f.Models...),
		})
	}
	for _, s := range p.Static {
		shown.Files = append(shown.Files, PackFilePattern{Name: s.Name, ContentType: s.ContentType, Generic: true, Models: []string{}})
	}
	return &packOutput{Body: shown}, nil
}

type packFileInput struct {
	PackInput
	Path string `path:"path" maxLength:"512" doc:"The path of the file in the pack, percent-encoded as one segment."`
}

// PackSource is a file of a pack as it is written.
type PackSource struct {
	Path    string `json:"path"`
	Size    int64  `json:"size" doc:"In bytes."`
	Binary  bool   `json:"binary" doc:"It is no text: the content is left out."`
	Content string `json:"content"`
}

type packFileOutput struct {
	Body PackSource
}

func (a *API) getPackFile(ctx context.Context, in *packFileInput) (*packFileOutput, error) {
	p, _, err := a.packVersion(ctx, in.Name, in.Version)
	if err != nil {
		return nil, err
	}
	content, ok := p.Source(in.Path)
	if !ok {
		return nil, kindNotFound.problem("the pack has no such file")
	}
	shown := PackSource{Path: in.Path, Size: int64(len(content)), Binary: !utf8.Valid(content)}
	if !shown.Binary {
		shown.Content = string(content)
	}
	return &packFileOutput{Body: shown}, nil
}
