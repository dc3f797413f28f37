package main

import (
	"bufio"
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"

	"dronecast.test/clients/message"
)

func main() {
	query := url.Values{"sn": {os.Args[2]}}
	request, err := http.NewRequest(http.MethodGet, os.Args[1]+"/sse/events?"+query.Encode(), nil)
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 3 {
		request.Header.Set("Last-Event-ID", os.Args[3])
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		log.Fatal(answer.Status)
	}
	id := ""
	for lines := bufio.NewReader(answer.Body); ; {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "id":
			id = value
		case "data":
			message.ShowWithID(id, value)
		}
	}
}
