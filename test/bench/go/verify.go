// The peer of log-verify: Go's own sumdb/tlog and crypto/ed25519 over the same entries. Reads records of
// (leaf, payload digest check, signed bytes, signature), computes the root, verifies each signature, prints both and the time.
// Build without modules, against Debian's golang-golang-x-mod-dev: GO111MODULE=off GOPATH=/usr/share/gocode.
package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

type record struct{ leaf, signed, sig []byte }

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = h[at]
	}
	return out, nil
}

func main() {
	key, err := base64.StdEncoding.DecodeString(os.Args[2])
	must(err)
	procs, err := strconv.Atoi(os.Args[3])
	must(err)
	runtime.GOMAXPROCS(procs)
	from := time.Now()
	records := read(os.Args[1])
	bad := make([]int, procs)
	leaves := make([]tlog.Hash, len(records))
	var all sync.WaitGroup
	for p := 0; p < procs; p++ {
		all.Add(1)
		go func(p int) {
			defer all.Done()
			for i := p; i < len(records); i += procs {
				leaves[i] = tlog.RecordHash(records[i].leaf)
				if len(records[i].sig) > 0 && !ed25519.Verify(key, records[i].signed, records[i].sig) {
					bad[p]++
				}
			}
		}(p)
	}
	all.Wait()
	var stored hashes
	for i, leaf := range leaves {
		next, err := tlog.StoredHashesForRecordHash(int64(i), leaf, stored)
		must(err)
		stored = append(stored, next...)
	}
	root, err := tlog.TreeHash(int64(len(records)), stored)
	must(err)
	sum := 0
	for _, one := range bad {
		sum += one
	}
	fmt.Println(root.String(), sum, time.Since(from).Seconds())
}

func read(path string) []record {
	file, err := os.Open(path)
	must(err)
	in := bufio.NewReaderSize(file, 1<<20)
	var all []record
	for {
		leaf, err := field(in)
		if err == io.EOF {
			return all
		}
		must(err)
		signed, err := field(in)
		must(err)
		sig, err := field(in)
		must(err)
		all = append(all, record{leaf, signed, sig})
	}
}

func field(in *bufio.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(in, size[:]); err != nil {
		return nil, err
	}
	bytes := make([]byte, binary.LittleEndian.Uint32(size[:]))
	_, err := io.ReadFull(in, bytes)
	return bytes, err
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
