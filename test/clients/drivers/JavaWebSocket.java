import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** HttpClient's WebSocket, with its defaults. */
public class JavaWebSocket implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    public static void main(String[] args) {
        var sn = URLEncoder.encode(args[1], StandardCharsets.UTF_8);
        var since = args.length > 2 ? "&since=" + URLEncoder.encode(args[2], StandardCharsets.UTF_8) : "";
        var uri = URI.create(args[0].replace("http", "ws") + "/ws/events?sn=" + sn + since);
        var listener = new JavaWebSocket();
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, listener).join();
        listener.ended.join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            System.out.writeBytes(("{\"frame\":" + text + "}\n").getBytes(StandardCharsets.UTF_8));
            System.out.flush();
            text.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        ended.complete(null);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        ended.completeExceptionally(error);
    }
}
