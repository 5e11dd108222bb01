package provisioners

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// settingSegment is a segment of a path of the catalogue that is no index.
var settingSegment = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)

// readSetting checks what the catalogue says of a setting.
func readSetting(source *settingSource, group *groupSource) (Setting, error) {
	s := Setting{
		Path: source.Path, Type: source.Type, Title: source.Title, Help: source.Help, Unit: source.Unit, Default: source.Default,
		Choices: source.Choices, Min: source.Min, Max: source.Max, Pattern: source.Pattern, Secret: source.Type == SecretType,
		EndUser: source.EndUser, Display: source.Display, Deprecated: source.Deprecated, Group: group.Name,
	}
	if s.Type == DurationType && s.Unit == "" {
		s.Unit = "seconds"
	}
	if err := s.readIndexes(group.Index); err != nil {
		return s, err
	}
	if s.Pattern != "" {
		compiled, err := regexp.Compile("^(?:" + s.Pattern + ")$")
		if err != nil {
			return s, fmt.Errorf("pattern: %w", err)
		}
		s.pattern = compiled
	}
	return s, s.check()
}

func (s *Setting) readIndexes(ranges map[string]strict[rangeSource]) error {
	segments := strings.Split(s.Path, ".")
	for i, segment := range segments {
		r, isIndex := ranges[segment]
		switch {
		case isIndex && (r.Value.From < 1 || r.Value.To < r.Value.From || r.Value.To > 9999):
			return fmt.Errorf("the range of %s is wrong", segment)
		case isIndex:
			s.Indexes = append(s.Indexes, IndexRange{Letter: segment, From: r.Value.From, To: r.Value.To})
			segments[i] = "#"
		case !settingSegment.MatchString(segment):
			return fmt.Errorf("%q is no part of a path: a lower-case letter and then letters and digits, or an index of the group", segment)
		}
	}
	s.shape = strings.Join(segments, ".")
	return nil
}

// reserved are what templates see beside settings.
func reserved() []string {
	return []string{"device", "model", "vendor", "links", "directory", "accounts", "keys", "expansions", "phonebooks"}
}

func (s *Setting) check() error {
	first, _, _ := strings.Cut(s.Path, ".")
	switch {
	case slices.Contains(reserved(), first):
		return fmt.Errorf("%s is taken", first)
	case s.Title == "":
		return errors.New("needs a title")
	case !slices.Contains(SettingTypes(), s.Type):
		return fmt.Errorf("unknown type %q", s.Type)
	case s.Display && s.Type != TextType:
		return errors.New("display is for texts")
	case s.Secret && (s.Default != "" || s.EndUser):
		return errors.New("a secret has no default and is not its user's to set")
	case s.Pattern != "" && s.Type != TextType:
		return errors.New("only a text has a pattern")
	case s.Unit != "" && !s.Type.numeric():
		return errors.New("only a number has a unit")
	}
	return errors.Join(s.checkChoices(), s.checkBounds())
}

func (s *Setting) checkChoices() error {
	needs := s.Type == ChoiceType || s.Type == ListType
	may := needs || s.Type == URLType || s.Type == NumberType
	if needs && len(s.Choices) == 0 {
		return errors.New("needs choices")
	}
	if !may && len(s.Choices) > 0 {
		return fmt.Errorf("a %s has no choices", s.Type)
	}
	for i, choice := range s.Choices {
		if choice == "" || strings.Contains(choice, ",") || slices.Contains(s.Choices[:i], choice) {
			return fmt.Errorf("the choice %q is empty, there twice, or holds a comma", choice)
		}
	}
	return nil
}

func (s *Setting) checkBounds() error {
	if (s.Min != nil || s.Max != nil) && !s.Type.numeric() && s.Type != TextType && s.Type != SecretType {
		return fmt.Errorf("a %s has no bounds", s.Type)
	}
	if s.Min != nil && s.Max != nil && *s.Min > *s.Max {
		return errors.New("min is above max")
	}
	return nil
}

func (c *Catalogue) checkDefault(s *Setting) error {
	if s.Default == "" {
		return nil
	}
	text, err := s.parse(s.Path, s.Default)
	if err == nil && text != s.Default {
		return fmt.Errorf("%s is not canonical: %s", s.Path, text)
	}
	return err
}
