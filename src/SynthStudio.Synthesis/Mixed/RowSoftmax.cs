using System.Runtime.Intrinsics;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// The softmax of a few numbers, in place, in vectors: for spans of a dozen symbols the calls of a general one take longer than the numbers.
/// </summary>
internal static class RowSoftmax
{
    /// <summary>What must follow the numbers in memory: read and written back as it is.</summary>
    public const int Slack = 15;

    /// <summary>Exponents below this count as this: see <see cref="SpanSoftmax"/>.</summary>
    private const float LeastExponent = -20;

    private static int Lanes => Vector512<float>.Count;

    /// <param name="values">Logits, become shares; then at least <see cref="Slack"/> others.</param>
    /// <param name="count">Number of logits, at least one.</param>
    public static void Apply(Span<float> values, int count)
    {
        if (count <= Lanes)
        {
            var (all, within) = (Vector512.Create<float>(values), Within(0, count));
            var logits = Vector512.ConditionalSelect(within, all, Vector512.Create(float.NegativeInfinity));
            var few = Exp(logits - Vector512.Create(Max(logits)));
            few *= 1 / Vector512.Sum(Vector512.ConditionalSelect(within, few, Vector512<float>.Zero));
            Vector512.ConditionalSelect(within, few, all).CopyTo(values);
            return;
        }

        var most = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < count; i += Lanes) most = Vector512.MaxNative(most, Load(values, i, count, float.NegativeInfinity));
        var shift = Vector512.Create(Max(most));
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < count; i += Lanes)
        {
            var others = Vector512.Create<float>(values[i..]);
            var shares = Exp(others - shift);
            sum += Vector512.ConditionalSelect(Within(i, count), shares, Vector512<float>.Zero);
            Store(shares, values, i, count, others);
        }

        var scale = Vector512.Create(1 / Vector512.Sum(sum));
        for (var i = 0; i < count; i += Lanes)
        {
            var shares = Vector512.Create<float>(values[i..]);
            Store(shares * scale, values, i, count, shares);
        }
    }

    private static Vector512<float> Exp(Vector512<float> exponents) => Vector512.Exp(Vector512.MaxNative(exponents, Vector512.Create(LeastExponent)));

    private static Vector512<float> Load(Span<float> values, int at, int count, float otherwise) =>
        Vector512.ConditionalSelect(Within(at, count), Vector512.Create<float>(values[at..]), Vector512.Create(otherwise));

    private static void Store(Vector512<float> shares, Span<float> values, int at, int count, Vector512<float> others) =>
        Vector512.ConditionalSelect(Within(at, count), shares, others).CopyTo(values[at..]);

    private static Vector512<float> Within(int at, int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count - at)).AsSingle();

    private static float Max(Vector512<float> x)
    {
        var eight = Vector256.MaxNative(x.GetLower(), x.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
