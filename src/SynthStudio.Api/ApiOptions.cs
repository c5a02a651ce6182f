using System.ComponentModel.DataAnnotations;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Api.Identity.OpenIdConnect;
using SynthStudio.Api.Packages;
using SynthStudio.Api.Transfers;
using SynthStudio.Api.Webhooks;
using SynthStudio.Assistant;

namespace SynthStudio.Api;

/// <summary>How the API behaves. The attributes say what is allowed; the host checks them.</summary>
public sealed class ApiOptions : IValidatableObject
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

    /// <summary>
    /// Projects that a user who is no administrator may have made, until they are gone for good; 0 for any number. Where it is not set: 100
    /// in a cluster and where others reach the server, any number on loopback.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = "must be 0 (any number) to 1000000.")]
    public int? MaxProjectsPerUser { get; set; }

    /// <summary>API keys that a user, or a service account, may have at once; those that are revoked or expired do not count.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1000000.")]
    public int MaxApiKeysPerUser { get; set; } = 100;

    /// <summary>Uploads that a project may have open at once.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1000000.")]
    public int MaxOpenUploads { get; set; } = 1000;

    /// <summary>
    /// Generators that a project may have, trained or not, and deleted ones until they are gone for good; 0 for any number.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = "must be 0 (any number) to 1000000.")]
    public int MaxGenerators { get; set; } = 10_000;

    /// <summary>Jobs of a project that may wait when somebody submits one more; 0 for any number. What was submitted goes on, whatever happens to it.</summary>
    [Range(0, 1_000_000, ErrorMessage = "must be 0 (any number) to 1000000.")]
    public int MaxWaitingJobs { get; set; } = 10_000;

    /// <summary>
    /// A call that gets one message and answers one is broken off after this. Uploads, imports of packages and the assistant are not
    /// among them; they have limits of their own.
    /// </summary>
    [Range(typeof(TimeSpan), LeastTime, "1.00:00:00", ErrorMessage = "must be 1 s to a day, for example 00:10:00.")]
    public TimeSpan CallTimeLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>An upload that is not written to for so long is discarded.</summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = AnyTime)]
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// A stored object that nothing refers to is removed when it is older than this. Longer than any job takes from storing a file to
    /// telling of it, minutes even in trouble; replaced checkpoints take room for so long. Nothing is removed before database and scheduler
    /// have answered the process for as long without a break: after an outage what was stored is told of first.
    /// </summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = ShortGrace)]
    public TimeSpan ObjectGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Lets <see cref="ObjectGrace"/> be shorter than ten minutes. Only to test a cluster: of one that serves it can lose models.</summary>
    public bool AllowShortObjectGrace { get; set; }

    /// <summary>Time between two rounds in which what expired, or is left over, is removed.</summary>
    [Range(typeof(TimeSpan), LeastTime, "1.00:00:00", ErrorMessage = "must be 1 s to a day, for example 00:10:00.")]
    public TimeSpan HousekeepingInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A deleted project can be brought back for so long.</summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = AnyTime)]
    public TimeSpan ProjectGrace { get; set; } = TimeSpan.FromDays(30);

    /// <summary>A deleted data set, generator or synthetic data set can be brought back for so long; its bytes count until it is gone.</summary>
    [Range(typeof(TimeSpan), LeastTime, LongestTime, ErrorMessage = AnyTime)]
    public TimeSpan ResourceGrace { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Time between two signs of life in a watch without news, and between two checks that a long stream may go on.</summary>
    [Range(typeof(TimeSpan), LeastTime, "00:05:00", ErrorMessage = "must be 1 s to 5 min, for example 00:00:15.")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A process that is asked to stop says that it is not ready, and serves as before, for so long before it stops: where something that
    /// looks at its readiness gives out its address, two or three times as long as that takes to look.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:02:00", ErrorMessage = "must be 0 to 2 min, for example 00:00:10.")]
    public TimeSpan LeavingDelay { get; set; }

    /// <summary>
    /// Calls a second that a user may make, over all replicas where they share a Redis; 0 for any number. Where it is not set: 50 in a cluster and where others
    /// reach the server, any number on loopback.
    /// </summary>
    [Range(0, 1e6, ErrorMessage = "must be 0 to 1000000.")]
    public double? RequestsPerSecond { get; set; }

    /// <summary>Calls that a user may make at once, after a pause.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1000000.")]
    public int RequestBurst { get; set; } = 100;

    /// <summary>
    /// Calls a second from one network address, with or without credentials; 0 for any number. Where it is not set: 200 in a cluster and where others reach the
    /// server, any number on loopback. Behind a proxy set <see cref="TrustedProxies"/> too.
    /// </summary>
    [Range(0, 1e6, ErrorMessage = "must be 0 to 1000000.")]
    public double? AddressRequestsPerSecond { get; set; }

    /// <summary>Calls that may come from one network address at once, after a pause.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1000000.")]
    public int AddressRequestBurst { get; set; } = 500;

    /// <summary>
    /// Streams that a user may have open at once, over all replicas where they share a Redis; 0 for any number. Where it is not set: 200 in a cluster and where
    /// others reach the server, any number on loopback.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = "must be 0 (any number) to 1000000.")]
    public int? MaxStreams { get; set; }

    /// <summary>A stream of requests in which nothing comes for so long is ended.</summary>
    [Range(typeof(TimeSpan), LeastTime, "1.00:00:00", ErrorMessage = "must be 1 s to a day, for example 00:02:00.")]
    public TimeSpan StreamIdleLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Connections that the process has open at once; 0 for any number.</summary>
    [Range(0, 10_000_000, ErrorMessage = "must be 0 (any number) to 10000000.")]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>A request whose body comes in more slowly than this, in bytes a second, is broken off.</summary>
    [Range(1.0, 1e9, ErrorMessage = "must be 1 to 1000000000.")]
    public double LeastBytesPerSecond { get; set; } = 240;

    /// <summary>Time that a body has before <see cref="LeastBytesPerSecond"/> is asked of it.</summary>
    [Range(typeof(TimeSpan), "00:00:01.001", "00:05:00", ErrorMessage = "must be above 1 s, at most 5 min, for example 00:00:05.")]
    public TimeSpan SlowGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Addresses or networks of the proxies in front (<c>10.0.0.0/24</c>), whose <c>X-Forwarded-For</c> is believed: limits and audit trail then take the
    /// caller's address from it. None by default.
    /// </summary>
    [Networks(OrAddresses = true)]
    public IList<string> TrustedProxies { get; init; } = new List<string>();

    /// <summary>
    /// Origins of web pages that may call the API from a browser, for example <c>https://studio.example.org</c>; <c>*</c> for all.
    /// None by default: pages of the same origin need no entry.
    /// </summary>
    [AllowedOrigins]
    public IList<string> AllowedOrigins { get; init; } = new List<string>();

    /// <summary>Parts of the API that are on or off; the section <c>SynthStudio:Api:Features</c>.</summary>
    public FeatureFlags Features { get; init; } = new();

    /// <summary>How events are sent out; whether at all, the features say.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>How rows are moved from and to databases and buckets of others; whether at all, the features say.</summary>
    public TransferOptions Transfers { get; init; } = new();

    /// <summary>Which packages of generators may be imported; the section <c>Packages</c>.</summary>
    public PackageOptions Packages { get; init; } = new();

    /// <summary>How people have accounts and sign in; the section <c>Accounts</c>.</summary>
    public AccountOptions Accounts { get; init; } = new();

    /// <summary>How mails are sent; the section <c>Mail</c>.</summary>
    public MailOptions Mail { get; init; } = new();

    /// <summary>Other providers that people may sign in by; the section <c>OpenId</c>.</summary>
    public OpenIdOptions OpenId { get; init; } = new();

    /// <summary>Which language models are asked, and how much, where the features say that any are; the section <c>Assistant</c>.</summary>
    public AssistantOptions Assistant { get; init; } = new();

    /// <summary>What no part can tell by itself.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ObjectGrace < LeastObjectGrace && !AllowShortObjectGrace) yield return new ValidationResult(ShortGrace, [nameof(ObjectGrace)]);
        if (Features.Assistant && Assistant.Providers.Count == 0)
            yield return new ValidationResult("is empty, and SynthStudio:Api:Features:Assistant is on: name a language model.", [$"{nameof(Assistant)}:{nameof(Assistant.Providers)}"]);
    }

    private const string ShortGrace = "must be at least ten minutes, for example 01:00:00.";

    private static readonly TimeSpan LeastObjectGrace = TimeSpan.FromMinutes(10);

    private const string NoEnvironment = "must be 1 to 20 lower-case letters and digits.";
}
