using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace SynthStudio.Tabular;

/// <summary>The columns of a table in order, and the column a user would predict.</summary>
public sealed record TableSchema
{
    public required IReadOnlyList<ColumnSchema> Columns { get; init; }

    /// <summary>Name of the column that utility metrics predict; null when there is none.</summary>
    public string? Target { get; init; }

    /// <summary>Rules that every row keeps; empty when none is declared.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>Rules that follow from the bounds and values that are declared of single columns: ranges, and listed values of one column.</summary>
    public IReadOnlyList<Constraint> ColumnRules { get; init; } = [];

    /// <summary>All of both, each with a name of its own.</summary>
    [JsonIgnore]
    public IEnumerable<Constraint> Rules => Constraints.Concat(ColumnRules);

    /// <summary>By column, what a schema file declares of its values whatever the data hold; columns of imprecise declarations are not among them.</summary>
    public IReadOnlyDictionary<string, ColumnDomain> Domains { get; init; } = ReadOnlyDictionary<string, ColumnDomain>.Empty;

    /// <summary>Whose rows they are and how many, as the schema file declares it.</summary>
    public Population Population { get; init; } = Population.Undeclared;

    /// <summary>The kind of prediction; null when there is no <see cref="Target"/>.</summary>
    public LearningTask? Task { get; init; }
}
