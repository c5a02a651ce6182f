using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Points;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Another way to write the same rows, in which a rule cannot be broken: a model learns the rows forward, what it draws comes backward.
/// Columns may change their order; whoever goes backward restores it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "transform")]
[JsonDerivedType(typeof(JoinedColumns), "joined")]
[JsonDerivedType(typeof(DifferenceColumn), "difference")]
[JsonDerivedType(typeof(ComputedTotal), "total")]
[JsonDerivedType(typeof(DuplicateColumn), "duplicate")]
[JsonDerivedType(typeof(PointColumn), "point")]
internal abstract class TableTransform
{
    /// <summary>Name of a column that rows must have to go backward.</summary>
    [JsonIgnore]
    public abstract string LearnedAs { get; }

    /// <summary>The rows as the model learns them.</summary>
    public abstract Table Forward(Table table);

    /// <summary>The rows as users know them.</summary>
    public abstract Table Backward(Table drawn);

    /// <summary>Rewrites conditions on the user's columns as conditions on the model's; those that drawn rows must be checked for
    /// go into <paramref name="left"/>.</summary>
    /// <exception cref="SynthesisException">A condition that no drawing of rows would meet.</exception>
    public abstract void Translate(Dictionary<string, Condition> given, Dictionary<string, Condition> left);

    /// <summary>Name of the model's column that is one of the user's.</summary>
    /// <exception cref="SynthesisException">The model has the column in another form only.</exception>
    public virtual string NameOf(string column) => column;

    /// <summary>Refuses what needs a column of its own.</summary>
    protected static SynthesisException InAnotherForm(string column, string form) => new(
        SynthesisError.Unsupported, $"The model draws column '{column}' {form}: it cannot be balanced or predicted by itself.", column);

    /// <summary>A table of these columns; the target is forgotten when it is not among them.</summary>
    protected static Table With(Table table, IEnumerable<Column> columns)
    {
        var kept = columns.ToList();
        var target = kept.Exists(column => column.Name == table.Schema.Target);
        return new Table(
            table.Schema with
            {
                Columns = [.. kept.Select(column => column.Schema)],
                Target = target ? table.Schema.Target : null,
                Task = target ? table.Schema.Task : null,
            },
            kept);
    }

    /// <summary>The values of a column as they will be written: rounded to its decimal places.</summary>
    protected static double[] Written(NumericColumn column) => column.Schema switch
    {
        { Kind: ColumnKind.Integer } => Array.ConvertAll(column.Values, Math.Round),
        { Kind: ColumnKind.Decimal, DecimalPlaces: { } places } => Array.ConvertAll(column.Values, value => Math.Round(value, places)),
        _ => column.Values,
    };
}
