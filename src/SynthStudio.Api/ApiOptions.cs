namespace SynthStudio.Api;

/// <summary>How the API behaves.</summary>
public sealed class ApiOptions
{
    /// <summary>The part of API keys that tells installations apart; letters and digits.</summary>
    public string Environment { get; set; } = "local";

    /// <summary>The <c>iss</c> of tokens.</summary>
    public string Issuer { get; set; } = "https://synthstudio.dev";

    /// <summary>The <c>aud</c> of tokens.</summary>
    public string Audience { get; set; } = "synthstudio";

    /// <summary>Greatest upload in bytes.</summary>
    public long MaxUploadBytes { get; set; } = 64L << 30;

    /// <summary>Most rows of one synthetic data set.</summary>
    public long MaxRows { get; set; } = 1_000_000_000;

    /// <summary>An upload that is not written to for so long is discarded.</summary>
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// A stored object that nothing refers to is removed when it is older than this. Longer than any job takes from storing a file to
    /// telling of it, minutes even in trouble; replaced checkpoints take room for so long.
    /// </summary>
    public TimeSpan ObjectGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Time between two signs of life in a watch without news.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);
}
