namespace SynthStudio.LedgerTorture;

/// <summary>A clock that jumps back and forth by up to ten days.</summary>
internal sealed class JumpingClock(Random random) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromSeconds((random.NextDouble() - 0.5) * 864_000 * 2);
}
