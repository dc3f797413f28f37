// It calls the API as standard input says: method, path, a header and a body, with tabs between.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
)

type answer struct {
	Status int             `json:"status"`
	Etag   string          `json:"etag"`
	Type   string          `json:"type"`
	Body   json.RawMessage `json:"body"`
}

func send(line string) (*answer, error) {
	part := strings.Split(line, "\t")
	request, err := http.NewRequest(part[0], os.Args[1]+part[1], strings.NewReader(part[3]))
	if err != nil {
		return nil, err
	}
	if part[3] != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if name, value, found := strings.Cut(part[2], ": "); found {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		body = []byte("null")
	}
	return &answer{response.StatusCode, response.Header.Get("ETag"), response.Header.Get("Content-Type"), body}, nil
}

func main() {
	output := json.NewEncoder(os.Stdout)
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		answer, err := send(input.Text())
		if err != nil {
			log.Fatal(err)
		}
		if err := output.Encode(answer); err != nil {
			log.Fatal(err)
		}
	}
}
