using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Moments that follow each other closely in every training row, such as pickup and dropoff: learned as a moment and a duration, since a model
/// that knows moments to the hour would get every duration of minutes wrong.
/// </summary>
internal static class MomentPairs
{
    private const int FewestRows = 100;

    /// <summary>Durations must vary less than this share of what the moments vary.</summary>
    private const double CloseShare = 0.1;

    /// <summary>For each column that closely follows others, the one it follows most closely.</summary>
    public static IEnumerable<InequalityConstraint> Find(Table table)
    {
        var moments = table.Columns.OfType<NumericColumn>()
            .Where(c => c.Schema.Kind is ColumnKind.DateTime or ColumnKind.Date && c.Values.Count(double.IsFinite) >= FewestRows).ToList();
        foreach (var high in moments)
        {
            var closest = moments.Where(low => low != high && low.Schema.Kind == high.Schema.Kind && !Array.Exists(low.Values, double.IsNaN))
                .Select(low => (low.Name, Spread: SpreadOfDifferences(low.Values, high.Values)))
                .Where(pair => IsClose(pair.Spread, [.. high.Values.Where(double.IsFinite)]))
                .OrderBy(pair => pair.Spread).FirstOrDefault();
            if (closest.Name is not null) yield return new InequalityConstraint($"{closest.Name} <= {high.Name}", closest.Name, high.Name, Strict: false);
        }
    }

    /// <summary>Whether the differences of moments from earlier ones vary little beside the moments.</summary>
    public static bool AreClose(double[] differences, double[] highs) => IsClose(Spread(differences), highs);

    private static bool IsClose(double spreadOfDifferences, double[] highs) => spreadOfDifferences < CloseShare * Spread(highs);

    /// <summary>The interquartile range of high - low; infinite when low is higher somewhere, or never lower.</summary>
    private static double SpreadOfDifferences(double[] low, double[] high)
    {
        var differences = new List<double>();
        for (var row = 0; row < low.Length; row++)
        {
            if (double.IsNaN(high[row])) continue;
            if (high[row] < low[row]) return double.PositiveInfinity;
            differences.Add(high[row] - low[row]);
        }

        return differences.Exists(difference => difference > 0) ? Spread([.. differences]) : double.PositiveInfinity;
    }

    private static double Spread(double[] values)
    {
        Array.Sort(values);
        return values[values.Length * 3 / 4] - values[values.Length / 4];
    }
}
