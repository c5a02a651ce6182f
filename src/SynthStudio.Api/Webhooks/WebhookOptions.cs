using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Api.Webhooks;

/// <summary>How events are sent out. Receivers are named by owners of projects, so by default only public addresses are reached, over TLS.</summary>
public sealed class WebhookOptions
{
    /// <summary>Whether receivers may be named by http URLs: what is sent can then be read on the way.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Networks that are reached although they are not public, for example <c>10.20.0.0/16</c> or <c>127.0.0.0/8</c>. Owners of projects can have
    /// the server call whatever listens there.
    /// </summary>
    [Networks]
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Time that a receiver has to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "must be 1 s to 1 min, for example 00:00:10.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time to the second attempt of a delivery; each further one is three times as far, up to six hours.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00", ErrorMessage = "must be 10 ms to 1 h, for example 00:00:05.")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts after which a delivery is given up; it can be replayed. Twelve take some 30 hours.</summary>
    [Range(1, 100, ErrorMessage = "must be 1 to 100.")]
    public int MaxAttempts { get; set; } = 12;

    /// <summary>Deliveries that have ended are kept so long.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00", ErrorMessage = "must be at least an hour, for example 30.00:00:00.")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Webhooks that a project may have.</summary>
    [Range(1, 1000, ErrorMessage = "must be 1 to 1000.")]
    public int MaxPerProject { get; set; } = 20;

    /// <summary>Time between two looks for something to send, when there was nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00", ErrorMessage = "must be 10 ms to 1 min, for example 00:00:00.5.")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
