package main

import (
	"context"
	"log"
	"os"

	"dronecast.test/clients/message"
	"github.com/coder/websocket"
)

func main() {
	ctx := context.Background()
	socket, _, err := websocket.Dial(ctx, message.SocketURL(os.Args[1:]), nil)
	if err != nil {
		log.Fatal(err)
	}
	for {
		_, frame, err := socket.Read(ctx)
		if websocket.CloseStatus(err) == websocket.StatusServiceRestart {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		message.Show(frame)
	}
}
