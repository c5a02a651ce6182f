using System.ComponentModel.DataAnnotations;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Api.Identity.OpenIdConnect;
using SynthStudio.Api.Webhooks;

namespace SynthStudio.Api;

/// <summary>How the API behaves. The attributes say what is allowed; the host checks them.</summary>
public sealed class ApiOptions
{
    private const string LeastTime = "00:00:01";
    private const string LongestTime = "3650.00:00:00";
    private const string AnyTime = "must be at least a second, for example 7.00:00:00 for seven days.";

    /// <summary>The part of API keys that tells installations apart; letters and digits.</summary>
    [Required(ErrorMessage = NoEnvironment), RegularExpression("[a-z0-9]{1,20}", ErrorMessage = NoEnvironment)]
    public string Environment { get; set; } = "local";

    /// <summary>The <c>iss</c> of tokens.</summary>
    [Required(ErrorMessage = "must not be empty.")]
    public string Issuer { get; set; } = "https://synthstudio.dev";

    /// <summary>The <c>aud</c> of tokens.</summary>
    [Required(ErrorMessage = "must not be empty.")]
    public string Audience { get; set; } = "synthstudio";

    /// <summary>Greatest upload in bytes.</summary>
    [Range(1L, long.MaxValue, ErrorMessage = "must be at least 1.")]
    public long MaxUploadBytes { get; set; } = 64L << 30;

    /// <summary>Most rows of one synthetic data set.</summary>
    [Range(1L, long.MaxValue, ErrorMessage = "must be at least 1.")]
    public long MaxRows { get; set; } = 1_000_000_000;

    /// <summary>An upload that is not written to for so long is discarded.</summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = AnyTime)]
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// A stored object that nothing refers to is removed when it is older than this. Longer than any job takes from storing a file to
    /// telling of it, minutes even in trouble; replaced checkpoints take room for so long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:10:00", LongestTime, ErrorMessage = "must be at least ten minutes, for example 01:00:00.")]
    public TimeSpan ObjectGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A deleted project can be brought back for so long.</summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = AnyTime)]
    public TimeSpan ProjectGrace { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Time between two signs of life in a watch without news, and between two checks that a long stream may go on.</summary>
    [Range(typeof(TimeSpan), LeastTime, "00:05:00", ErrorMessage = "must be 1 s to 5 min, for example 00:00:15.")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Calls a second that a user may make, over all replicas where they share a Redis; 0 for any number.</summary>
    [Range(0, 1e6, ErrorMessage = "must be 0 to 1000000.")]
    public double RequestsPerSecond { get; set; }

    /// <summary>Calls that a user may make at once, after a pause.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1000000.")]
    public int RequestBurst { get; set; } = 100;

    /// <summary>
    /// Origins of web pages that may call the API from a browser, for example <c>https://studio.example.org</c>; <c>*</c> for all.
    /// None by default: pages of the same origin need no entry.
    /// </summary>
    [AllowedOrigins]
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Whether and how events are sent out.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>
    /// Proxies whose header <c>X-Forwarded-For</c> is believed: IP addresses or networks such as <c>10.0.0.0/8</c>. Behind any other, all callers have
    /// one address.
    /// </summary>
    [TrustedProxies]
    public IList<string> TrustedProxies { get; init; } = [];

    /// <summary>How people have accounts and sign in; the section <c>Accounts</c>.</summary>
    public AccountOptions Accounts { get; init; } = new();

    /// <summary>How mails are sent; the section <c>Mail</c>.</summary>
    public MailOptions Mail { get; init; } = new();

    /// <summary>Other providers that people may sign in by; the section <c>OpenId</c>.</summary>
    public OpenIdOptions OpenId { get; init; } = new();

    private const string NoEnvironment = "must be 1 to 20 lower-case letters and digits.";
}
