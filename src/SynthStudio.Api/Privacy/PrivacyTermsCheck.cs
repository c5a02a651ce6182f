using System.Globalization;
using SynthStudio.Api.Errors;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Api.Privacy;

/// <summary>Privacy terms, from the wire to trainings and back, with every number checked.</summary>
internal static class PrivacyTermsCheck
{
    public const double LargestEpsilon = 100, LargestDelta = 1e-3;
    private const double SmallestEpsilon = 1e-6;
    private const int MostRowsPerUnit = 1000;

    /// <summary>The terms; null for none.</summary>
    /// <exception cref="RpcException">A number is out of range.</exception>
    public static PrivacyTerms? Read(V1.PrivacyTerms? wanted, string field)
    {
        if (wanted is null) return null;
        foreach (var (name, problem) in Problems(wanted)) throw ApiErrors.InvalidField($"{field}.{name}", problem);
        return new PrivacyTerms
        {
            Epsilon = wanted.Epsilon,
            Delta = wanted.Delta,
            Rows = wanted.HasRows ? wanted.Rows : null,
            UnitColumn = wanted.UnitColumn,
            MaxRowsPerUnit = Math.Max(1, wanted.MaxRowsPerUnit),
        };
    }

    /// <summary>What would be refused: the field and why.</summary>
    public static IEnumerable<(string Field, string Problem)> Problems(V1.PrivacyTerms wanted)
    {
        if (!(wanted.Epsilon is > SmallestEpsilon and <= LargestEpsilon)) yield return ("epsilon", $"must be a number above 0.000001 and at most {LargestEpsilon}.");
        if (!(wanted.Delta is > 0 and <= LargestDelta)) yield return ("delta", $"must be a number above 0 and at most {LargestDelta}.");
        if (wanted is { HasRows: true, Rows: < 1 }) yield return ("rows", "must be at least 1.");
        else if (wanted.HasRows && wanted.Delta >= 1.0 / wanted.Rows)
            yield return ("delta", string.Create(CultureInfo.InvariantCulture, $"must be less than 1 / rows = {1.0 / wanted.Rows:G3}: publishing a few rows as they are would be allowed."));
        if (wanted.MaxRowsPerUnit is < 0 or > MostRowsPerUnit) yield return ("max_rows_per_unit", $"must be 1 to {MostRowsPerUnit}.");
        else if (wanted.MaxRowsPerUnit > 1 && wanted.UnitColumn.Length == 0) yield return ("unit_column", "is needed where a unit has several rows: it says whose they are.");
    }

    public static V1.PrivacyTerms? ToProto(this PrivacyTerms? terms)
    {
        if (terms is null) return null;
        var proto = new V1.PrivacyTerms
        {
            Epsilon = terms.Epsilon, Delta = terms.Delta, UnitColumn = terms.UnitColumn, MaxRowsPerUnit = terms.MaxRowsPerUnit,
        };
        if (terms.Rows is { } rows) proto.Rows = rows;
        if (terms.PartJson is { } part) proto.Part = PartitionPart.Parse(part).Name;
        return proto;
    }
}
