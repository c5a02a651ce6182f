using SynthStudio.Evaluation.Statistics;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Drift;

/// <summary>Compares two versions of a table column by column.</summary>
public static class DriftMeasure
{
    /// <summary>Categories that have a bin of their own, the most frequent ones of the earlier version; the others share one.</summary>
    private const int MostCategories = 100;

    /// <summary>A bin that one version lacks counts as half a row: else the index would be infinite.</summary>
    private const double EmptyBin = 0.5;

    /// <summary>Compares; each table as its own schema has it.</summary>
    public static TableDrift Compare(Table earlier, Table later)
    {
        var (before, after) = (
            earlier.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal),
            later.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal));
        return new TableDrift
        {
            EarlierRows = earlier.RowCount,
            LaterRows = later.RowCount,
            AddedColumns = [.. later.Columns.Select(c => c.Name).Where(name => !before.Contains(name))],
            RemovedColumns = [.. earlier.Columns.Select(c => c.Name).Where(name => !after.Contains(name))],
            Columns = [.. later.Columns.Where(c => before.Contains(c.Name)).Select(c => Compare(earlier[c.Name], c))],
        };
    }

    private static ColumnDrift Compare(Column earlier, Column later)
    {
        var drift = new ColumnDrift(later.Name, Kind(earlier), Kind(later), Missing(earlier), Missing(later));
        return (earlier, later) switch
        {
            (NumericColumn before, NumericColumn after) => OfNumbers(drift, before.Values, after.Values),
            (CodedColumn before, CodedColumn after) when IsCategorical(before) && IsCategorical(after) => OfCategories(drift, before, after),
            _ => drift,
        };
    }

    private static ColumnDrift OfNumbers(ColumnDrift drift, double[] before, double[] after)
    {
        var (left, right) = (Sorted(before), Sorted(after));
        if (left.Length == 0 || right.Length == 0) return drift;
        var bins = new QuantileBins([.. left]);
        var (binned, others) = (bins.Apply(before), bins.Apply(after));
        return WithDistances(drift, binned, others) with { KolmogorovSmirnov = KolmogorovSmirnov.Statistic(left, right) };
    }

    private static ColumnDrift OfCategories(ColumnDrift drift, CodedColumn before, CodedColumn after)
    {
        var (counts, others) = (Counts(before), Counts(after));
        // 0 is missing, 1 all others.
        var bins = counts.Where(c => c.Value > 0).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostCategories)
            .Select((c, i) => (c.Key, Bin: i + 2)).ToDictionary(c => c.Key, c => c.Bin, StringComparer.Ordinal);
        var added = others.Where(c => c.Value > 0 && counts.GetValueOrDefault(c.Key) == 0).ToList();
        return WithDistances(drift, Binned(before), Binned(after)) with
        {
            NewCategories = added.Count,
            NewCategoryShare = (double)added.Sum(c => c.Value) / Math.Max(1, after.Count),
            LostCategories = counts.Count(c => c.Value > 0 && others.GetValueOrDefault(c.Key) == 0),
        };

        BinnedColumn Binned(CodedColumn column)
        {
            var binOfCode = Array.ConvertAll(column.Values, value => bins.GetValueOrDefault(value, 1));
            return new BinnedColumn(Array.ConvertAll(column.Codes, code => code == CodedColumn.Missing ? 0 : binOfCode[code]), bins.Count + 2);
        }
    }

    private static ColumnDrift WithDistances(ColumnDrift drift, BinnedColumn before, BinnedColumn after) => drift with
    {
        PopulationStabilityIndex = StabilityIndex(Contingency.Count(before), Contingency.Count(after with { Size = before.Size })),
        JensenShannonDistance = Divergence.JensenShannon(before, after),
    };

    /// <summary>The sum over bins of (q - p) ln(q / p), p the earlier and q the later share (E. Lewis, 1994); bins that neither has count nothing.</summary>
    private static double StabilityIndex(int[] before, int[] after)
    {
        double n = before.Sum(), m = after.Sum(), sum = 0;
        for (var bin = 0; bin < before.Length; bin++)
        {
            if (before[bin] == 0 && after[bin] == 0) continue;
            var (p, q) = (Math.Max(EmptyBin, before[bin]) / n, Math.Max(EmptyBin, after[bin]) / m);
            sum += (q - p) * Math.Log(q / p);
        }

        return sum;
    }

    private static Dictionary<string, long> Counts(CodedColumn column)
    {
        var counts = new long[column.Values.Length];
        foreach (var code in column.Codes)
        {
            if (code != CodedColumn.Missing) counts[code]++;
        }

        return column.Values.Select((value, code) => (value, counts[code])).ToDictionary(c => c.value, c => c.Item2, StringComparer.Ordinal);
    }

    private static double[] Sorted(double[] values)
    {
        var present = Array.FindAll(values, value => !double.IsNaN(value));
        Array.Sort(present);
        return present;
    }

    private static bool IsCategorical(Column column) => column.Schema.Kind is ColumnKind.Categorical or ColumnKind.Boolean;

    private static double Missing(Column column)
    {
        var missing = 0;
        for (var row = 0; row < column.Count; row++) missing += column.IsMissing(row) ? 1 : 0;
        return column.Count == 0 ? 0 : (double)missing / column.Count;
    }

    private static string Kind(Column column) => column.Schema.Kind.ToString().ToLowerInvariant();
}
