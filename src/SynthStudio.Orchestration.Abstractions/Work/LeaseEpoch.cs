namespace SynthStudio.Orchestration;

/// <summary>Grows by one each time a job is given to a silo. Every write of a worker carries it; a smaller one than the newest is refused.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.LeaseEpoch")]
public readonly record struct LeaseEpoch([property: Id(0)] long Value) : IComparable<LeaseEpoch>
{
    public LeaseEpoch Next => new(Value + 1);

    public int CompareTo(LeaseEpoch other) => Value.CompareTo(other.Value);

    public static bool operator <(LeaseEpoch left, LeaseEpoch right) => left.Value < right.Value;

    public static bool operator >(LeaseEpoch left, LeaseEpoch right) => left.Value > right.Value;

    public static bool operator <=(LeaseEpoch left, LeaseEpoch right) => left.Value <= right.Value;

    public static bool operator >=(LeaseEpoch left, LeaseEpoch right) => left.Value >= right.Value;

    /// <summary>The number alone: what a record prints by itself would name the next one, and the one after that, without an end.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
