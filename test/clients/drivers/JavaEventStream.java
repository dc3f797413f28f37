import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Reads an event stream line by line with HttpClient's defaults, which ask for an upgrade to HTTP/2. */
public class JavaEventStream {
    public static void main(String[] args) throws Exception {
        var sn = URLEncoder.encode(args[1], StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(URI.create(args[0] + "/sse/events?sn=" + sn));
        if (args.length > 2) {
            request.header("Last-Event-ID", args[2]);
        }
        var answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofLines());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("status " + answer.statusCode());
        }
        var id = new String[] {""};
        answer.body().forEach(line -> {
            if (line.startsWith("id: ")) {
                id[0] = line.substring(4);
            } else if (line.startsWith("data: ")) {
                var message = "{\"lastEventId\":\"" + id[0] + "\",\"frame\":" + line.substring(6) + "}\n";
                System.out.writeBytes(message.getBytes(StandardCharsets.UTF_8));
                System.out.flush();
            }
        });
    }
}
