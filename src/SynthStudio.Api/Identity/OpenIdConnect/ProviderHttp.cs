using System.Text.Json;
using System.Text.Json.Nodes;

namespace SynthStudio.Api.Identity.OpenIdConnect;

/// <summary>Calls providers: no redirections, answers of a bounded size in a bounded time.</summary>
internal sealed class ProviderHttp : IDisposable
{
    private const int LargestAnswer = 1 << 20;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = LargestAnswer,
        DefaultRequestHeaders = { { "user-agent", "SynthStudio" } },
    };

    /// <summary>Sends a request and reads the JSON that comes.</summary>
    /// <exception cref="ProviderException">There is no answer, or it is not a success, or not JSON.</exception>
    public async Task<JsonNode> ReadAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Accept.ParseAdd("application/json");
        var host = request.RequestUri!.Host;
        try
        {
            using var response = await Client.SendAsync(request, cancellation);
            if ((int)response.StatusCode >= 500) throw new ProviderException($"{host} answered {(int)response.StatusCode}.", isAway: true);
            if (!response.IsSuccessStatusCode) throw new ProviderException($"{host} answered {(int)response.StatusCode}: it does not accept the code, or our credentials.");
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation)) ?? throw new ProviderException($"{host} answered nothing.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new ProviderException($"{host} does not answer.", isAway: true, e);
        }
        catch (JsonException e)
        {
            throw new ProviderException($"{host} did not answer in JSON.", inner: e);
        }
    }

    /// <summary>A text of a JSON object; null when it is not there, or not a text.</summary>
    public static string? Text(JsonNode? node, string property) =>
        node is JsonObject fields && fields[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public void Dispose() => Client.Dispose();
}
