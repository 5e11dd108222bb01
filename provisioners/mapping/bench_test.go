package mapping_test

import (
	"fmt"
	"testing"
)

// BenchmarkResolve works out the parameters of a phone with ten accounts.
func BenchmarkResolve(b *testing.B) {
	m, p := parsed(b, "version: 1", "version: 1\nsplit: true"), fixedLines()
	var settings []string
	p.instances["Device.Services.VoiceService.1.VoiceProfile.1.Line."] = nil
	for n := 1; n <= 10; n++ {
		p.instances["Device.Services.VoiceService.1.VoiceProfile.1.Line."] = append(p.instances["Device.Services.VoiceService.1.VoiceProfile.1.Line."], n)
		settings = append(settings, fmt.Sprintf("account.%d.user=%d", n, n), fmt.Sprintf("account.%d.password=p%d", n, n), fmt.Sprintf("account.%d.registrar=sip.example.com", n),
			fmt.Sprintf("account.%d.codecs=g722,pcma", n), fmt.Sprintf("account.%d.mwi=true", n))
	}
	for i := range 2000 {
		p.names = append(p.names, names(fmt.Sprintf("Z.{i}.X%d W", i))...)
	}
	in := p.input(b, append(settings, "time.zone=Europe/Berlin", "time.ntp.primary=ntp.example.com")...)
	if n := len(resolved(b, m, in).Parameters); n < 60 {
		b.Fatalf("there are %d parameters", n)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Resolve(in); err != nil {
			b.Fatal(err)
		}
	}
}
