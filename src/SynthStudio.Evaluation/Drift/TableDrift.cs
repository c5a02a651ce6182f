using System.Text.Json;
using System.Text.Json.Serialization;

namespace SynthStudio.Evaluation.Drift;

/// <summary>How a table differs from an earlier version of it: in figures, without any value of either.</summary>
public sealed record TableDrift
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required long EarlierRows { get; init; }

    public required long LaterRows { get; init; }

    /// <summary>Columns that only the later version has.</summary>
    public required IReadOnlyList<string> AddedColumns { get; init; }

    /// <summary>Columns that only the earlier version has.</summary>
    public required IReadOnlyList<string> RemovedColumns { get; init; }

    /// <summary>The columns of both, in the later one's order.</summary>
    public required IReadOnlyList<ColumnDrift> Columns { get; init; }

    /// <summary>As JSON, names in snake_case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>How a column moved.</summary>
/// <param name="Name">The column.</param>
/// <param name="EarlierKind">What it was.</param>
/// <param name="LaterKind">What it is.</param>
/// <param name="EarlierMissing">Share of rows without a value.</param>
/// <param name="LaterMissing">The same, later.</param>
public sealed record ColumnDrift(string Name, string EarlierKind, string LaterKind, double EarlierMissing, double LaterMissing)
{
    /// <summary>
    /// Population stability index over the bins of the earlier version, missing being one: below 0.1
    /// stable, above 0.25 moved. Null for keys and texts.
    /// </summary>
    public double? PopulationStabilityIndex { get; init; }

    /// <summary>Jensen-Shannon distance over the same bins, 0 to 1.</summary>
    public double? JensenShannonDistance { get; init; }

    /// <summary>Kolmogorov-Smirnov statistic, 0 to 1; of numbers and times only.</summary>
    public double? KolmogorovSmirnov { get; init; }

    /// <summary>Distinct categories that the earlier version does not have.</summary>
    public int? NewCategories { get; init; }

    /// <summary>Share of the later rows that have one of them.</summary>
    public double? NewCategoryShare { get; init; }

    /// <summary>Distinct categories that the later version has no more.</summary>
    public int? LostCategories { get; init; }
}
