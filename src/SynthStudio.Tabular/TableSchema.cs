using System.Collections.ObjectModel;

namespace SynthStudio.Tabular;

/// <summary>The columns of a table in order, and the column a user would predict.</summary>
public sealed record TableSchema
{
    public required IReadOnlyList<ColumnSchema> Columns { get; init; }

    /// <summary>Name of the column that utility metrics predict; null when there is none.</summary>
    public string? Target { get; init; }

    /// <summary>Rules that every row keeps; empty when none is declared.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>By column, what a schema file declares of its values whatever the data hold; columns of imprecise declarations are not among them.</summary>
    public IReadOnlyDictionary<string, ColumnDomain> Domains { get; init; } = ReadOnlyDictionary<string, ColumnDomain>.Empty;

    /// <summary>Whose rows they are and how many, as the schema file declares it.</summary>
    public Population Population { get; init; } = Population.Undeclared;

    /// <summary>The kind of prediction; null when there is no <see cref="Target"/>.</summary>
    public LearningTask? Task { get; init; }
}
