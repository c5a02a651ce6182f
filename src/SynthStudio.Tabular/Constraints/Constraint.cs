using System.Text.Json.Serialization;

namespace SynthStudio.Tabular;

/// <summary>
/// A rule that every row must keep, declared in the schema. A rule that meets a missing value is kept, as in SQL; only
/// <see cref="NotNullConstraint"/> forbids them.
/// </summary>
/// <param name="Name">Unique in its schema; stands in reports.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "rule")]
[JsonDerivedType(typeof(RangeConstraint), "range")]
[JsonDerivedType(typeof(InequalityConstraint), "inequality")]
[JsonDerivedType(typeof(FixedCombinationsConstraint), "fixed_combinations")]
[JsonDerivedType(typeof(UniqueConstraint), "unique")]
[JsonDerivedType(typeof(NotNullConstraint), "not_null")]
[JsonDerivedType(typeof(SumConstraint), "sum")]
[JsonDerivedType(typeof(ExpressionConstraint), "expression")]
public abstract record Constraint(string Name)
{
    /// <summary>The columns it speaks of.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<string> Columns { get; }
}

/// <summary>Least and most are included; either may be open. Moments are given in ISO 8601.</summary>
public sealed record RangeConstraint(string Name, string Column, string? Least, string? Most) : Constraint(Name)
{
    public override IReadOnlyList<string> Columns => [Column];
}

/// <summary><paramref name="Low"/> &lt;= <paramref name="High"/>, or &lt; when <paramref name="Strict"/>.</summary>
public sealed record InequalityConstraint(string Name, string Low, string High, bool Strict) : Constraint(Name)
{
    public override IReadOnlyList<string> Columns => [Low, High];
}

/// <summary>
/// Only combinations of these columns that the training table has, and of those only the listed ones where they are. Combinations that
/// few rows share are not drawn, as rare values are not.
/// </summary>
/// <param name="Name">As for every rule.</param>
/// <param name="Combined">
/// Two columns or more, of categories or booleans where combinations are listed; one where a column's declaration lists its values.
/// </param>
/// <param name="Allowed">Combinations in the order of the columns; null lists none. A private method needs the list: it may not look for them.</param>
public sealed record FixedCombinationsConstraint(
    string Name, IReadOnlyList<string> Combined, IReadOnlyList<IReadOnlyList<string>>? Allowed = null)
    : Constraint(Name)
{
    public override IReadOnlyList<string> Columns => Combined;
}

/// <summary>No two rows have the same values in these columns; rows where one of them is missing do not count.</summary>
public sealed record UniqueConstraint(string Name, IReadOnlyList<string> Key) : Constraint(Name)
{
    public override IReadOnlyList<string> Columns => Key;
}

/// <summary>These columns have a value in every row.</summary>
public sealed record NotNullConstraint(string Name, IReadOnlyList<string> Present) : Constraint(Name)
{
    public override IReadOnlyList<string> Columns => Present;
}

/// <summary>The parts add up to the total, within the tolerance; null allows half a unit of the total's last decimal place.</summary>
public sealed record SumConstraint(string Name, IReadOnlyList<string> Parts, string Total, double? Tolerance) : Constraint(Name)
{
    public override IReadOnlyList<string> Columns => [.. Parts, Total];
}

/// <summary>A formula that is true, or unknown, in every row; see <see cref="Tabular.Expression"/>.</summary>
public sealed record ExpressionConstraint(string Name, string Expression) : Constraint(Name)
{
    public override IReadOnlyList<string> Columns => Tabular.Expression.Parse(Expression).Columns;
}
