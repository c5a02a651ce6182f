using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Privacy.Ledger;

/// <summary>
/// One way to add up everything that was released from a population: some releases as (epsilon, delta) boxes, which simply add, the others as
/// what their noise did, which adds as a Rényi curve. Both are privacy filters, valid when each next release is chosen by the outcomes of those
/// before (Whitehouse, Ramdas, Rogers, Wu, arXiv:2203.05481; Feldman, Zrnic, arXiv:2008.11193).
/// </summary>
/// <param name="Boxes">The sum of the boxes, and of the deltas that events leave beside their curve.</param>
/// <param name="Curve">Rényi divergence of the others at <see cref="RdpCurve.DefaultOrders"/>, each value rounded up; empty for nothing.</param>
public sealed record SpentPart(PrivacyPrice Boxes, IReadOnlyList<double> Curve)
{
    public static SpentPart Nothing { get; } = new(PrivacyPrice.Nothing, []);

    /// <summary>The epsilon of all of it at a total delta, in billionths, rounded up; <see cref="long.MaxValue"/> when that delta cannot hold it.</summary>
    public long NanoEpsilonAt(long attoDelta)
    {
        if (Boxes.AttoDelta > attoDelta) return long.MaxValue;
        if (Curve.Count == 0) return Boxes.NanoEpsilon;
        var left = attoDelta - Boxes.AttoDelta;
        if (left == 0) return long.MaxValue;

        var released = PrivacyPrice.Upwards(new RdpCurve(RdpCurve.DefaultOrders, Curve).Epsilon(Math.BitDecrement(left / 1e18)).Epsilon);
        return released == long.MaxValue ? long.MaxValue : checked(released + Boxes.NanoEpsilon);
    }

    public static SpentPart operator +(SpentPart one, SpentPart other) =>
        new(one.Boxes + other.Boxes, other.Curve.Count == 0 ? one.Curve : Sum(one.Curve, other.Curve));

    /// <summary>No less than either, at every order.</summary>
    public static SpentPart Max(SpentPart one, SpentPart other) => new(
        new PrivacyPrice(Math.Max(one.Boxes.NanoEpsilon, other.Boxes.NanoEpsilon), Math.Max(one.Boxes.AttoDelta, other.Boxes.AttoDelta)),
        one.Curve.Count == 0 ? other.Curve : other.Curve.Count == 0 ? one.Curve : [.. one.Curve.Zip(other.Curve, Math.Max)]);

    public SpentPart Plus(PrivacyPrice box) => this with { Boxes = Boxes + box };

    public SpentPart Minus(PrivacyPrice box) => this with { Boxes = Boxes - box };

    /// <summary>With a release that was held as a box as what it was.</summary>
    public SpentPart Unpack(PrivacyPrice box, EventPrice price) =>
        new(Boxes - box + new PrivacyPrice(0, price.AttoDelta), Sum(Curve, price.Curve));

    /// <summary>Sums are rounded up: a ledger may only ever err towards having spent more.</summary>
    private static IReadOnlyList<double> Sum(IReadOnlyList<double> one, IReadOnlyList<double> other) =>
        one.Count == 0 ? other : [.. one.Zip(other, (a, b) => b == 0 ? a : Math.BitIncrement(a + b))];

    public bool Equals(SpentPart? other) => other is not null && Boxes == other.Boxes && Curve.SequenceEqual(other.Curve);

    public override int GetHashCode() => HashCode.Combine(Boxes, Curve.Count);
}
