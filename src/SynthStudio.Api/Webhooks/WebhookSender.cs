using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Text;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Outbound;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Api.Webhooks;

/// <summary>What a receiver answered.</summary>
/// <param name="Attempt">For the log.</param>
/// <param name="IsDown">The receiver takes nothing at the moment, whatever it is.</param>
/// <param name="IsGone">The receiver wants nothing any more.</param>
/// <param name="RetryAfter">How long it asks to be left alone; null when it did not say.</param>
internal sealed record Answer(DeliveryAttempt Attempt, bool IsDown, bool IsGone, TimeSpan? RetryAfter)
{
    public bool IsTaken => Attempt.Error.Length == 0;
}

/// <summary>Sends an event once. Follows no redirects, uses no proxy, keeps no cookies and nothing of what is answered but its status.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int AnswerBytes = 64 << 10;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly WebhookSecrets _secrets;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;

    public WebhookSender(ReceiverAddresses addresses, WebhookSecrets secrets, WebhookOptions options, TimeProvider time)
    {
        (_secrets, _options, _time) = (secrets, options, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, PooledConnectionLifetime = ConnectionLifetime, ConnectTimeout = options.Timeout,
            MaxResponseDrainSize = AnswerBytes, ActivityHeadersPropagator = null,
            ConnectCallback = (context, cancellation) => addresses.Addresses.ConnectAsync(context, cancellation),
        };
        _http = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("SynthStudio-Webhooks/1");
    }

    /// <summary>Sends a delivery. Failures of the receiver are answers.</summary>
    public async Task<Answer> SendAsync(WebhookRecord webhook, DeliveryRecord delivery, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        var now = _time.GetUtcNow();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var request = Request(webhook, delivery, now);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            var error = response.IsSuccessStatusCode ? "" : status is >= 300 and < 400 ? "REDIRECT" : "HTTP_STATUS";
            return new Answer(
                Attempt(status, error), status is 408 or 429 or >= 500, response.StatusCode == HttpStatusCode.Gone, RetryAfter(response, now));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Down("TIMEOUT");
        }
        catch (HttpRequestException e)
        {
            return Down(e.InnerException switch
            {
                AddressNotAllowedException => "ADDRESS_NOT_ALLOWED",
                AuthenticationException => "TLS_FAILED",
                _ => "CONNECTION_FAILED",
            });
        }

        Answer Down(string error) => new(Attempt(0, error), IsDown: true, IsGone: false, RetryAfter: null);

        DeliveryAttempt Attempt(int status, string error) => new(now, (int)_time.GetElapsedTime(began).TotalMilliseconds, status, error);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(WebhookRecord webhook, DeliveryRecord delivery, DateTimeOffset now)
    {
        var id = ResourceName.Id(delivery.Name);
        var timestamp = now.ToUnixTimeSeconds();
        List<byte[]> keys = [_secrets.Key(webhook.Name, webhook.Salt)];
        if (webhook.OldSalt is { } old && now < webhook.OldSaltUntil) keys.Add(_secrets.Key(webhook.Name, old));
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new StringContent(delivery.Body, Encoding.UTF8, "application/cloudevents+json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(keys, id, timestamp, delivery.Body));
        return request;
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter is not { } header ? null : header.Delta ?? (header.Date - now);
        return asked is { } delay && delay > TimeSpan.Zero ? (delay < LongestRetryAfter ? delay : LongestRetryAfter) : null;
    }
}
