using System.Globalization;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>Gives the weights of a <see cref="JointTable"/> other shares.</summary>
internal static class Shares
{
    private const int Rounds = 2_000;
    private const double Tolerance = 1e-9;

    /// <summary>What is this near after all rounds is taken: no sample shows the difference.</summary>
    private const double Acceptable = 1e-4;

    /// <summary>
    /// Iterative proportional fitting (Deming and Stephan, 1940): the weights closest to the given ones with the wanted shares of every
    /// column; how columns hang together, their odds ratios, stays, but for two columns that are to be independent.
    /// </summary>
    /// <param name="cells">By combination.</param>
    /// <param name="weights">By combination; changed in place to sum to 1.</param>
    /// <param name="wanted">By place in a combination: the wanted share by cell; null leaves the column free.</param>
    /// <param name="independent">Places of two columns of which each has the same shares whatever the other is; null for none.</param>
    /// <exception cref="SynthesisException">No weights have these shares, or none were found.</exception>
    public static void Fit(IReadOnlyList<ushort[]> cells, double[] weights, IReadOnlyList<double[]?> wanted, (int One, int Other)? independent = null)
    {
        Scale(weights);
        double worst = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // Each step undoes a little of those before it: all are repeated until they agree.
            worst = independent is var (one, other) ? Separate(cells, weights, one, other) : 0;
            for (var place = 0; place < wanted.Count; place++)
            {
                if (wanted[place] is not { } shares) continue;
                var found = new double[shares.Length];
                for (var i = 0; i < weights.Length; i++) found[cells[i][place]] += weights[i];
                for (var cell = 0; cell < shares.Length; cell++)
                {
                    if (shares[cell] > 0 && !(found[cell] > 0))
                        throw new SynthesisException(SynthesisError.ImpossibleCondition, "A value to balance cannot occur together with the conditions.");
                    worst = Math.Max(worst, Math.Abs(shares[cell] - found[cell]));
                }

                for (var i = 0; i < weights.Length; i++) weights[i] *= shares[cells[i][place]] / Math.Max(found[cells[i][place]], double.Epsilon);
            }

            if (worst < Tolerance) return;
        }

        if (worst < Acceptable) return;
        var what = independent is null ? "The shares asked for" : "Equal rates of the target, and the shares asked for,";
        throw new SynthesisException(
            SynthesisError.ImpossibleCondition,
            string.Create(CultureInfo.InvariantCulture, $"{what} do not go together with what the model knows to occur: a share stays off by {worst:P1}. Ask for fewer of them, or for less."));
    }

    /// <summary>Makes the columns at two places independent: the product of their shares.</summary>
    /// <returns>How far the share of a pair was from that at most, and stays where no combination has the pair.</returns>
    public static double Separate(IReadOnlyList<ushort[]> cells, double[] weights, int one, int other)
    {
        Scale(weights);
        var (first, second) = (new Dictionary<ushort, double>(), new Dictionary<ushort, double>());
        var both = new Dictionary<(ushort, ushort), double>();
        for (var i = 0; i < weights.Length; i++)
        {
            Count(first, cells[i][one], weights[i]);
            Count(second, cells[i][other], weights[i]);
            Count(both, (cells[i][one], cells[i][other]), weights[i]);
        }

        double worst = 0;
        foreach (var (a, share) in first)
        {
            foreach (var (b, of) in second) worst = Math.Max(worst, Math.Abs((share * of) - both.GetValueOrDefault((a, b))));
        }

        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0) weights[i] *= first[cells[i][one]] * second[cells[i][other]] / both[(cells[i][one], cells[i][other])];
        }

        Scale(weights);
        return worst;

        static void Count<T>(Dictionary<T, double> sums, T key, double weight)
            where T : notnull => sums[key] = sums.GetValueOrDefault(key) + weight;
    }

    private static void Scale(double[] weights)
    {
        var total = weights.Sum();
        for (var i = 0; i < weights.Length; i++) weights[i] /= total;
    }
}
