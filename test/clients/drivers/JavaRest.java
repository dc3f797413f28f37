import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Calls the API with HttpClient's defaults, as standard input says: method, path, a header, a body, tabs between. */
public class JavaRest {
    public static void main(String[] args) throws Exception {
        var client = HttpClient.newHttpClient();
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            var part = line.split("\t", -1);
            var body = part[3].isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(part[3]);
            var request = HttpRequest.newBuilder(URI.create(args[0] + part[1])).method(part[0], body);
            if (!part[3].isEmpty()) {
                request.header("Content-Type", "application/json");
            }
            if (!part[2].isEmpty()) {
                var header = part[2].split(": ");
                request.header(header[0], header[1]);
            }
            show(client.send(request.build(), BodyHandlers.ofString()));
        }
    }

    private static void show(HttpResponse<String> answer) {
        var text = "{\"status\":" + answer.statusCode()
                + ",\"etag\":" + quoted(answer, "etag")
                + ",\"type\":" + quoted(answer, "content-type")
                + ",\"body\":" + (answer.body().isEmpty() ? "null" : answer.body()) + "}\n";
        System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    private static String quoted(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).map(value -> '"' + value.replace("\"", "\\\"") + '"').orElse("null");
    }
}
