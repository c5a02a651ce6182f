using System.Globalization;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>The prediction of a column of which single values have probabilities.</summary>
internal static class DiscretePrediction
{
    /// <param name="column">The column.</param>
    /// <param name="shares">By value, numbers in invariant spelling, null when missing; sums to 1.</param>
    /// <param name="unknown">Probability of a value that is too rare to be named.</param>
    /// <param name="quantiles">Levels, 0 to 1, for numbers.</param>
    public static Prediction Of(ColumnSchema column, List<(string? Value, double Share)> shares, double unknown, IReadOnlyList<double> quantiles)
    {
        var known = shares.Where(share => share.Value is not null).Select(share => (Value: share.Value!, Share: share.Share * (1 - unknown))).ToList();
        var mass = known.Sum(share => share.Share);
        var (missing, other) = (Math.Max(1 - unknown - mass, 0), unknown > 0 ? unknown : (double?)null);
        if (!column.IsNumeric)
            return new Prediction
            {
                Categories = known.ToDictionary(share => share.Value, share => share.Share, StringComparer.Ordinal),
                Missing = missing, Other = other,
            };
        var numbers = known.ConvertAll(share => (Value: double.Parse(share.Value, CultureInfo.InvariantCulture), share.Share));
        numbers.Sort();
        return new Prediction
        {
            Categories = numbers.GroupBy(number => CellText.AsSpelled(column, number.Value)!)
                .ToDictionary(group => group.Key, group => group.Sum(number => number.Share), StringComparer.Ordinal),
            Missing = missing,
            Other = other,
            Mean = mass > 0 && column.Kind != ColumnKind.Ordinal ? numbers.Sum(number => number.Value * number.Share) / mass : null,
            Quantiles = mass > 0 ? [.. quantiles.Select(level => Quantile(numbers, level * mass))] : [],
        };
    }

    private static double Quantile(List<(double Value, double Share)> ascending, double mass)
    {
        foreach (var (value, share) in ascending)
        {
            if (mass <= share) return value;
            mass -= share;
        }

        return ascending[^1].Value;
    }
}
