namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>Gives the weights of a <see cref="JointTable"/> other shares.</summary>
internal static class Shares
{
    private const int Rounds = 200;
    private const double Tolerance = 1e-9;

    /// <summary>
    /// Iterative proportional fitting (Deming and Stephan, 1940): the weights closest to the given ones with the wanted shares of every
    /// column; how columns hang together, their odds ratios, stays.
    /// </summary>
    /// <param name="cells">By combination.</param>
    /// <param name="weights">By combination; changed in place to sum to 1.</param>
    /// <param name="wanted">By place in a combination: the wanted share by cell; null leaves the column free.</param>
    /// <exception cref="SynthesisException">No weights have these shares.</exception>
    public static void Fit(IReadOnlyList<ushort[]> cells, double[] weights, IReadOnlyList<double[]?> wanted)
    {
        Scale(weights);
        for (var round = 0; round < Rounds; round++)
        {
            double worst = 0;
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
    }

    /// <summary>Makes the columns at two places independent: the product of their shares.</summary>
    public static void Separate(IReadOnlyList<ushort[]> cells, double[] weights, int one, int other)
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

        for (var i = 0; i < weights.Length; i++)
            weights[i] *= first[cells[i][one]] * second[cells[i][other]] / both[(cells[i][one], cells[i][other])];
        Scale(weights);

        static void Count<T>(Dictionary<T, double> sums, T key, double weight)
            where T : notnull => sums[key] = sums.GetValueOrDefault(key) + weight;
    }

    private static void Scale(double[] weights)
    {
        var total = weights.Sum();
        for (var i = 0; i < weights.Length; i++) weights[i] /= total;
    }
}
