namespace SynthStudio.ClusterTorture;

/// <summary>What a line does to what is sent through it.</summary>
/// <param name="Blocked">Nothing gets through; what was sent comes when this is over.</param>
/// <param name="Delay">Every piece waits so long.</param>
/// <param name="Refuses">The share of requests that are answered 503 in the server's place.</param>
/// <param name="Breaks">The share of pieces at which the connection breaks.</param>
internal sealed record Weather(bool Blocked = false, TimeSpan Delay = default, double Refuses = 0, double Breaks = 0)
{
    public static Weather Fine { get; } = new();
}
