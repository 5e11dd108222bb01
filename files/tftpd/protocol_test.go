package tftpd_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/tftpd"
)

// step is what a phone sends, or what it is to receive.
type step struct {
	send    string
	receive string
	// silence says that nothing comes, for a while.
	silence bool
}

func send(packet string) step    { return step{send: packet} }
func receive(packet string) step { return step{receive: packet} }

func TestTheServerSpeaksTFTP(t *testing.T) {
	all := contents()
	block := func(name string, size, n int) step {
		content := all[name]
		return receive(data(n, content[min((n-1)*size, len(content)):min(n*size, len(content))]))
	}
	quiet := step{silence: true}
	for name, c := range map[string]struct {
		steps []step
		ended *files.Ended
	}{
		"RFC 1350: a short file is one block": {
			[]step{send(read("short")), block("short", 512, 1), send(ack(1))}, &files.Ended{Status: 200, Bytes: 10, Complete: true}},
		"RFC 1350: an empty file is one empty block": {
			[]step{send(read("empty")), receive(data(1, nil)), send(ack(1))}, &files.Ended{Status: 200, Complete: true}},
		"RFC 1350: a file of whole blocks ends with an empty one": {
			[]step{send(read("block")), block("block", 512, 1), send(ack(1)), receive(data(2, nil)), send(ack(2))}, &files.Ended{Status: 200, Bytes: 512, Complete: true}},
		"RFC 1350: the mode is read in any case": {
			[]step{send("\x00\x01short\x00OcTeT\x00"), block("short", 512, 1), send(ack(1))}, nil},
		"RFC 1350: netascii": {
			[]step{send("\x00\x01text\x00netascii\x00"), receive(data(1, []byte("a = 1\r\nb = 2\r\x00\r\n"))), send(ack(1))}, nil},
		"RFC 1350: a lost block is sent again": {
			[]step{send(read("blocks")), block("blocks", 512, 1), block("blocks", 512, 1), send(ack(1)), block("blocks", 512, 2)}, nil},
		"RFC 1123: a second acknowledgement is not answered": {
			[]step{send(read("blocks")), block("blocks", 512, 1), send(ack(1)), block("blocks", 512, 2), send(ack(1)), send(ack(1)), quiet, send(ack(2)), block("blocks", 512, 3)}, nil},
		"an acknowledgement of what was not sent is passed over": {
			[]step{send(read("blocks")), block("blocks", 512, 1), send(ack(7)), send(ack(0)), quiet, send(ack(1)), block("blocks", 512, 2)}, nil},
		"what is no answer is passed over": {
			[]step{send(read("blocks")), block("blocks", 512, 1), send("\x00"), send("\x00\x09\x00\x01"), send(data(1, nil)), quiet, send(ack(1)), block("blocks", 512, 2)}, nil},
		"RFC 1350: an error of the phone ends it": {
			[]step{send(read("blocks")), block("blocks", 512, 1), send(failure(3, "disk full")), quiet, quiet}, &files.Ended{Status: 200}},
		"a phone that answers no more is given up": {
			[]step{send(read("blocks")), block("blocks", 512, 1), block("blocks", 512, 1), block("blocks", 512, 1)}, &files.Ended{Status: 200}},
		"RFC 1350: what is not there": {
			[]step{send(read("missing")), receive(failure(1, "file not found"))}, nil},
		"what may not be given": {
			[]step{send(read("forbidden.cfg")), receive(failure(2, "access violation"))}, nil},
		"what cannot be made tells nothing": {
			[]step{send(read("broken.cfg")), receive(failure(0, "try again later"))}, nil},
		"content that is shorter than it was said to be": {
			[]step{send(read("shorter")), receive(failure(0, "try again later"))}, &files.Ended{Status: 200}},
		"a request to write": {
			[]step{send("\x00\x02short\x00octet\x00"), receive(failure(2, "files cannot be written"))}, nil},
		"mode mail": {
			[]step{send("\x00\x01short\x00mail\x00"), receive(failure(4, "mode must be octet or netascii"))}, nil},
		"a request without a mode": {
			[]step{send("\x00\x01short\x00"), receive(failure(4, "malformed request"))}, nil},
		"a request without a name": {
			[]step{send("\x00\x01\x00octet\x00"), receive(failure(4, "malformed request"))}, nil},
		"a request that is too long": {
			[]step{send(read(strings.Repeat("a", 1100))), receive(failure(4, "malformed request"))}, nil},
		"a packet that is no request": {
			[]step{send(ack(1)), receive(failure(4, "packet is not a request"))}, nil},
		"an error is never answered": {
			[]step{send(failure(0, "x")), quiet}, nil},
		"RFC 2347: options are acknowledged, which block 0 acknowledges": {
			[]step{send(read("short", "tsize", "0")), receive("\x00\x06tsize\x0010\x00"), send(ack(0)), block("short", 512, 1), send(ack(1))}, &files.Ended{Status: 200, Bytes: 10, Complete: true}},
		"RFC 2347: the names of options are read in any case": {
			[]step{send(read("short", "BlkSize", "1024")), receive("\x00\x06blksize\x001024\x00"), send(ack(0)), block("short", 512, 1)}, nil},
		"RFC 2347: an option that is not known is left out": {
			[]step{send(read("short", "multicast", "", "x", "1", "tsize", "0")), receive("\x00\x06tsize\x0010\x00"), send(ack(0)), block("short", 512, 1)}, nil},
		"RFC 2347: where no option is taken the file is sent at once": {
			[]step{send(read("short", "x", "1")), block("short", 512, 1), send(ack(1))}, nil},
		"RFC 2347: the acknowledgement of options is sent again": {
			[]step{send(read("short", "tsize", "0")), receive("\x00\x06tsize\x0010\x00"), receive("\x00\x06tsize\x0010\x00"), send(ack(0)), block("short", 512, 1)}, nil},
		"RFC 2347: a phone that refuses the options ends it": {
			[]step{send(read("short", "tsize", "0")), receive("\x00\x06tsize\x0010\x00"), send(failure(8, "")), quiet, quiet}, &files.Ended{Status: 200}},
		"RFC 2348: the block size": {
			[]step{send(read("odd", "blksize", "1000")), receive("\x00\x06blksize\x001000\x00"), send(ack(0)), block("odd", 1000, 1), send(ack(1)), block("odd", 1000, 2)}, nil},
		"RFC 2348: the smallest block size": {
			[]step{send(read("short", "blksize", "8")), receive("\x00\x06blksize\x008\x00"), send(ack(0)), block("short", 8, 1), send(ack(1)), block("short", 8, 2), send(ack(2))}, &files.Ended{Status: 200, Bytes: 10, Complete: true}},
		"RFC 2348: a larger block size than may be is made smaller": {
			[]step{send(read("odd", "blksize", "65464")), receive("\x00\x06blksize\x001428\x00"), send(ack(0)), block("odd", 1428, 1)}, nil},
		"RFC 2348: a block size that cannot be is refused": {
			[]step{send(read("odd", "blksize", "7")), block("odd", 512, 1)}, nil},
		"RFC 2349: the transfer size": {
			[]step{send(read("large", "tsize", "0")), receive(fmt.Sprintf("\x00\x06tsize\x00%d\x00", 3<<20))}, nil},
		"RFC 2349: the transfer size in netascii is that of what is sent": {
			[]step{send("\x00\x01text\x00netascii\x00tsize\x000\x00"), receive("\x00\x06tsize\x0016\x00")}, nil},
		"RFC 2349: a timeout is kept to": {
			[]step{send(read("short", "timeout", "1")), receive("\x00\x06timeout\x001\x00"), send(ack(0)), block("short", 512, 1), quiet, quiet, quiet, quiet, quiet, quiet, quiet, quiet, block("short", 512, 1)}, nil},
		"RFC 2349: a timeout that cannot be is refused": {
			[]step{send(read("short", "timeout", "0")), block("short", 512, 1)}, nil},
		"RFC 2349: a timeout that is too long is refused": {
			[]step{send(read("short", "timeout", "255")), block("short", 512, 1)}, nil},
		"RFC 7440: a window is sent before one acknowledgement": {
			[]step{
				send(read("odd", "windowsize", "4")), receive("\x00\x06windowsize\x004\x00"), send(ack(0)),
				block("odd", 512, 1), block("odd", 512, 2), block("odd", 512, 3), block("odd", 512, 4), send(ack(4)),
				block("odd", 512, 5), block("odd", 512, 6), block("odd", 512, 7), block("odd", 512, 8), send(ack(8)),
				block("odd", 512, 9), block("odd", 512, 10), send(ack(10)),
			}, &files.Ended{Status: 200, Bytes: 512*9 + 77, Complete: true}},
		"RFC 7440: after a lost block the rest is sent again": {
			[]step{
				send(read("odd", "windowsize", "4")), receive("\x00\x06windowsize\x004\x00"), send(ack(0)),
				block("odd", 512, 1), block("odd", 512, 2), block("odd", 512, 3), block("odd", 512, 4), send(ack(2)),
				block("odd", 512, 3), block("odd", 512, 4), block("odd", 512, 5), block("odd", 512, 6), send(ack(6)), block("odd", 512, 7),
			}, nil},
		"RFC 7440: a window whose first block was lost is sent again, once": {
			[]step{
				send(read("odd", "windowsize", "2")), receive("\x00\x06windowsize\x002\x00"), send(ack(0)),
				block("odd", 512, 1), block("odd", 512, 2), send(ack(0)), send(ack(0)), block("odd", 512, 1), block("odd", 512, 2), quiet,
				send(ack(2)), block("odd", 512, 3), block("odd", 512, 4),
			}, nil},
		"RFC 7440: a larger window than may be is made smaller": {
			[]step{send(read("odd", "windowsize", "65535")), receive("\x00\x06windowsize\x0016\x00")}, nil},
		"RFC 7440: a window of none is refused": {
			[]step{send(read("odd", "windowsize", "0")), block("odd", 512, 1)}, nil},
		"all options at once, in the order asked for": {
			[]step{
				send(read("odd", "tsize", "0", "blksize", "1024", "timeout", "2", "windowsize", "2")),
				receive("\x00\x06tsize\x004685\x00blksize\x001024\x00timeout\x002\x00windowsize\x002\x00"), send(ack(0)), block("odd", 1024, 1), block("odd", 1024, 2),
			}, nil},
		"a packet of a fixed length": {
			[]step{send(read("short") + strings.Repeat("\x00", 400)), block("short", 512, 1)}, nil},
		"a request whose last NUL misses": {
			[]step{send("\x00\x01short\x00octet"), block("short", 512, 1)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, nil)
			p := f.phone(t)
			for i, step := range c.steps {
				switch {
				case step.send != "":
					p.send(step.send)
				case step.silence:
					p.silent(60 * time.Millisecond)
				default:
					if got := p.receive(); got != step.receive {
						t.Fatalf("step %d: got %.60q, want %.60q", i, got, step.receive)
					}
				}
			}
			if c.ended != nil {
				if got := <-f.opener.ended; got != *c.ended {
					t.Errorf("ended %+v, want %+v", got, *c.ended)
				}
			}
		})
	}
}

func TestAnotherPortIsToldThatItsTransferIsUnknown(t *testing.T) {
	f := newFixture(t, nil)
	p, other := f.phone(t), f.phone(t)
	p.send(read("short"))
	p.receive()
	other.server = p.server
	other.send(ack(1))
	if got, want := other.receive(), failure(5, "unknown transfer ID"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.send(ack(1))
	if ended := <-f.opener.ended; !ended.Complete {
		t.Errorf("the transfer was disturbed: %+v", ended)
	}
}

func TestBlocksAreCountedPast65535(t *testing.T) {
	f := newFixture(t, nil)
	content := noise(7, 8*65540+3)
	f.opener.put("rolls", content)
	p := f.phone(t)
	p.send(read("rolls", "blksize", "8", "windowsize", "16"))
	p.receive()
	p.send(ack(0))
	var got []byte
	for block := 1; len(got) < len(content); block++ {
		packet := p.receive()
		if want := data(block&0xffff, content[len(got):min(len(got)+8, len(content))]); packet != want {
			t.Fatalf("block %d: got %q, want %q", block, packet, want)
		}
		got = append(got, packet[4:]...)
		if block%16 == 0 || len(got) == len(content) {
			p.send(ack(block & 0xffff))
		}
	}
	if ended := <-f.opener.ended; !ended.Complete || ended.Bytes != int64(len(content)) {
		t.Errorf("%+v", ended)
	}
}

func TestARequestThatIsRepeatedIsAnsweredOnce(t *testing.T) {
	f := newFixture(t, func(o *tftpd.Options) { o.Timeout = 5 * time.Second })
	p := f.phone(t)
	p.send(read("short"))
	p.receive()
	p.server = f.address
	p.send(read("short"))
	f.counted(t, "repeated")
	p.silent(100 * time.Millisecond)
}

func TestAPhoneThatBeginsAnewFromItsPortIsAnswered(t *testing.T) {
	f := newFixture(t, func(o *tftpd.Options) { o.Timeout = 5 * time.Second })
	p := f.phone(t)
	p.send(read("blocks"))
	p.receive()
	p.server = f.address
	p.send(read("short"))
	if got, want := p.receive(), data(1, contents()["short"]); got != want {
		t.Errorf("got %.40q", got)
	}
	if ended := <-f.opener.ended; ended.Complete {
		t.Errorf("%+v", ended)
	}
	f.counted(t, "replaced")
	p.send(ack(1))
	if ended := <-f.opener.ended; !ended.Complete {
		t.Errorf("%+v", ended)
	}
}
