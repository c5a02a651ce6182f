using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Constraints;

namespace SynthStudio.Synthesis;

/// <summary>Which rows to draw.</summary>
public sealed record SampleRequest
{
    /// <summary>Number of rows, at least 1.</summary>
    public required long Rows { get; init; }

    /// <summary>
    /// Rows that will be taken if most of them keep the rules they are checked for; <see cref="Rows"/> is then what may be drawn at most. Rows
    /// that are drawn together are no more than this asks for. Null: all are taken.
    /// </summary>
    internal long? ExpectedRows { get; init; }

    /// <summary>Number of the first row: so many rows of the same sample were drawn before. Keys, and random numbers, go on from there.</summary>
    internal long FirstRow { get; init; }

    /// <summary>Equal seeds draw equal rows, whatever the chunk size.</summary>
    public long Seed { get; init; }

    /// <summary>Largest number of rows in one chunk.</summary>
    public int ChunkRows { get; init; } = 8192;

    /// <summary>Rows of the first chunk, small so that a reader need not wait.</summary>
    public int FirstChunkRows { get; init; } = 512;

    /// <summary>Conditions by column, met by every row. The other columns follow the model's distribution given these.</summary>
    public IReadOnlyDictionary<string, Condition> Given { get; init; } = new Dictionary<string, Condition>();

    /// <summary>
    /// Declared shares of values by column, kept exactly up to whole rows; what they leave goes to the other values as they are. With several
    /// columns their odds ratios stay as learned, and a share may be off by as many rows as the others have combinations. A row that breaks a rule
    /// gives way to one with the same values in these columns. Columns that the model has in another form only are refused.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Rebalance { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, double>>();

    /// <summary>Equal target rates across a sensitive column; null draws them as learned.</summary>
    public FairnessRequest? Fairness { get; init; }

    /// <summary>Sharpens (below 1) or flattens (above 1) every conditional distribution. More than 0.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Is told how the rules fare in this sample alone, whenever further rows of it were checked; never by a model without rules.
    /// </summary>
    public Action<ConstraintReport>? Reported { get; init; }
}
