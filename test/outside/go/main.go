// An outside verifier: Go's own sumdb/note and sumdb/tlog over what Countersign made, and the other way round.
// `check` reads a bundle of notes and proofs and says of each whether Go takes it; `make` builds a log with Go and writes one.
// Build without modules, against Debian's golang-golang-x-mod-dev: GO111MODULE=off GOPATH=/usr/share/gocode.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type Note struct {
	Note string `json:"note"`
	// Witness is a verifier key of type 0x04 whose cosignature must be there, or empty.
	Witness string `json:"witness"`
}

type Inclusion struct {
	Index  int64    `json:"index"`
	Size   int64    `json:"size"`
	Leaf   string   `json:"leaf"`
	Root   string   `json:"root"`
	Hashes []string `json:"hashes"`
}

type Consistency struct {
	First      int64    `json:"first"`
	Second     int64    `json:"second"`
	FirstRoot  string   `json:"firstRoot"`
	SecondRoot string   `json:"secondRoot"`
	Hashes     []string `json:"hashes"`
}

type Bundle struct {
	Vkey          string        `json:"vkey"`
	Notes         []Note        `json:"notes"`
	Inclusions    []Inclusion   `json:"inclusions"`
	Consistencies []Consistency `json:"consistencies"`
}

type Verdicts struct {
	// Notes has the size and root that Go read, or nothing where it refused.
	Notes         []string `json:"notes"`
	Inclusions    []bool   `json:"inclusions"`
	Consistencies []bool   `json:"consistencies"`
}

func main() {
	var out interface{}
	if len(os.Args) == 2 && os.Args[1] == "make" {
		out = makeBundle()
	} else {
		var in Bundle
		must(json.NewDecoder(os.Stdin).Decode(&in))
		out = check(in)
	}
	must(json.NewEncoder(os.Stdout).Encode(out))
}

func check(in Bundle) Verdicts {
	var out Verdicts
	log, err := note.NewVerifier(in.Vkey)
	must(err)
	for _, one := range in.Notes {
		out.Notes = append(out.Notes, openNote(one, log))
	}
	for _, one := range in.Inclusions {
		leaf, err := base64.StdEncoding.DecodeString(one.Leaf)
		must(err)
		proof := tlog.RecordProof(hashes(one.Hashes))
		err = tlog.CheckRecord(proof, one.Size, hash(one.Root), one.Index, tlog.RecordHash(leaf))
		out.Inclusions = append(out.Inclusions, err == nil)
	}
	for _, one := range in.Consistencies {
		proof := tlog.TreeProof(hashes(one.Hashes))
		err := tlog.CheckTree(proof, one.Second, hash(one.SecondRoot), one.First, hash(one.FirstRoot))
		out.Consistencies = append(out.Consistencies, err == nil)
	}
	return out
}

// openNote gives "size root", or "size root seconds" with a witness, or "".
func openNote(one Note, log note.Verifier) string {
	known := []note.Verifier{log}
	var witness *cosigner
	if one.Witness != "" {
		witness = newCosigner(one.Witness)
		known = append(known, witness)
	}
	opened, err := note.Open([]byte(one.Note), note.VerifierList(known...))
	if err != nil || len(opened.Sigs) != len(known) {
		return ""
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != log.Name() || lines[3] != "" {
		return ""
	}
	said := lines[1] + " " + lines[2]
	if witness != nil {
		said += " " + strconv.FormatUint(witness.seconds, 10)
	}
	return said
}

// cosigner verifies C2SP cosignature/v1: a time in eight bytes, then a signature over that time and the note's text.
type cosigner struct {
	name    string
	hash    uint32
	key     ed25519.PublicKey
	seconds uint64
}

func newCosigner(vkey string) *cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if len(typed) != 33 || typed[0] != 4 {
		panic("not a cosignature key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	if fmt.Sprintf("%x", sum[:4]) != parts[1] {
		panic("the key id is not this key's")
	}
	return &cosigner{name: parts[0], hash: binary.BigEndian.Uint32(sum[:4]), key: typed[1:]}
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	c.seconds = binary.BigEndian.Uint64(sig[:8])
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", c.seconds, msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

var sizes = []int64{1, 2, 3, 6, 7, 8, 9, 63, 64, 65, 130}

// makeBundle is a log by Go alone.
func makeBundle() Bundle {
	skey, vkey, err := note.GenerateKey(rand.Reader, "go.example/log")
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	out := Bundle{Vkey: vkey}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, i := range indexes {
			found = append(found, stored[i])
		}
		return found, nil
	})
	var leaves [][]byte
	for n := int64(0); n < sizes[len(sizes)-1]; n++ {
		leaf := []byte(fmt.Sprintf("go leaf %d", n))
		leaves = append(leaves, leaf)
		made, err := tlog.StoredHashes(n, leaf, reader)
		must(err)
		stored = append(stored, made...)
	}
	for at, size := range sizes {
		root, err := tlog.TreeHash(size, reader)
		must(err)
		text := fmt.Sprintf("go.example/log\n%d\n%s\n", size, root)
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		must(err)
		out.Notes = append(out.Notes, Note{Note: string(signed)})
		for n := int64(0); n < size; n++ {
			proof, err := tlog.ProveRecord(size, n, reader)
			must(err)
			out.Inclusions = append(out.Inclusions, Inclusion{Index: n, Size: size, Leaf: b64(leaves[n]), Root: root.String(), Hashes: texts(proof)})
		}
		for _, first := range sizes[:at+1] {
			before, err := tlog.TreeHash(first, reader)
			must(err)
			proof, err := tlog.ProveTree(size, first, reader)
			must(err)
			out.Consistencies = append(out.Consistencies, Consistency{First: first, Second: size, FirstRoot: before.String(), SecondRoot: root.String(), Hashes: texts(proof)})
		}
	}
	return out
}

func b64(bytes []byte) string { return base64.StdEncoding.EncodeToString(bytes) }

func texts(list []tlog.Hash) []string {
	out := []string{}
	for _, one := range list {
		out = append(out, one.String())
	}
	return out
}

func hash(text string) tlog.Hash {
	parsed, err := tlog.ParseHash(text)
	must(err)
	return parsed
}

func hashes(list []string) []tlog.Hash {
	var out []tlog.Hash
	for _, one := range list {
		out = append(out, hash(one))
	}
	return out
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
