using Microsoft.Extensions.Time.Testing;

namespace SynthStudio.Orchestration.Tests;

/// <summary>The clocks of a machine whose time of day somebody sets: how much time passes, it knows all the same.</summary>
public sealed class SteppedClock : FakeTimeProvider
{
    /// <summary>By how much the time of day is set off.</summary>
    public TimeSpan Step { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
