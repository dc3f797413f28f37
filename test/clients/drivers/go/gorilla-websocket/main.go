package main

import (
	"log"
	"os"

	"dronecast.test/clients/message"
	"github.com/gorilla/websocket"
)

func main() {
	socket, _, err := websocket.DefaultDialer.Dial(message.SocketURL(os.Args[1:]), nil)
	if err != nil {
		log.Fatal(err)
	}
	for {
		_, frame, err := socket.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseServiceRestart) {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		message.Show(frame)
	}
}
