namespace SynthStudio.Tabular;

/// <summary>The columns of a table in order, and the column a user would predict.</summary>
public sealed record TableSchema
{
    public required IReadOnlyList<ColumnSchema> Columns { get; init; }

    /// <summary>Name of the column that utility metrics predict; null when there is none.</summary>
    public string? Target { get; init; }

    /// <summary>Rules that every row keeps; empty when none is declared.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>The kind of prediction; null when there is no <see cref="Target"/>.</summary>
    public LearningTask? Task { get; init; }
}
