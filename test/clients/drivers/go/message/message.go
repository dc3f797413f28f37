// Package message has what the drivers in Go share.
package message

import (
	"fmt"
	"net/url"
	"strings"
)

// Show prints a frame that came by WebSocket as one line of JSON.
func Show(frame []byte) {
	fmt.Printf("{\"frame\":%s}\n", frame)
}

// ShowWithID prints a message of an event stream as one line of JSON. A cursor needs no escaping.
func ShowWithID(id, frame string) {
	fmt.Printf("{\"lastEventId\":\"%s\",\"frame\":%s}\n", id, frame)
}

// SocketURL is where a WebSocket connects, from a driver's arguments: base URL, serial number and perhaps a cursor.
func SocketURL(args []string) string {
	query := url.Values{"sn": {args[1]}}
	if len(args) > 2 {
		query.Set("since", args[2])
	}
	return strings.Replace(args[0], "http", "ws", 1) + "/ws/events?" + query.Encode()
}
