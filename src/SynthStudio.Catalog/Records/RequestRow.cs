namespace SynthStudio.Catalog;

/// <summary>A mutation that a client named by a request id, and what it was answered.</summary>
internal sealed record RequestRow
{
    public required string Principal { get; init; }

    public required string Method { get; init; }

    public required string RequestId { get; init; }

    /// <summary>SHA-256 of the request without its id.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>The serialised answer; null while the first call runs.</summary>
    public byte[]? Response { get; init; }

    public required DateTimeOffset Time { get; init; }
}
