using System.Text.Json.Serialization;
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
[JsonDerivedType(typeof(ZonedMoment), "zoned")]
internal abstract class TableTransform
{
    /// <summary>Name of the model's column that stands for others; null when none does.</summary>
    [JsonIgnore]
    public abstract string? LearnedAs { get; }

    /// <summary>Names of the columns that rows must have to go backward.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<string> Needs => [LearnedAs!];

    /// <summary>The rows as the model learns them.</summary>
    public abstract Table Forward(Table table);

    /// <summary>The rows as users know them.</summary>
    public abstract Table Backward(Table drawn);

    /// <summary>Rows that someone brings, as the model knows them: columns may be absent, and cells missing that never were in training.</summary>
    /// <param name="table">Columns of the kinds that were learned.</param>
    /// <param name="toFill">Whether missing cells are to be filled; else they count as missing where training knew such.</param>
    /// <returns>The rows, and by row whether the cell of <see cref="LearnedAs"/> is unknown, not missing; null where none is.</returns>
    public abstract (Table Rows, bool[]? Unknown) Read(Table table, bool toFill);

    /// <summary>Fills cells that follow from others of their row, whatever is drawn.</summary>
    public virtual Table Deduce(Table table) => table;

    /// <summary>
    /// By row, how far a drawn row is from the observed one in cells that <see cref="Read"/> could not tell the model of: 0 when it was told of
    /// all, infinite when the two cannot be one row.
    /// </summary>
    public virtual Func<int, double> Gap(Table observed, Table drawn) => _ => 0;

    /// <summary>Fills missing cells so that they fit the known ones that the model was not told of, by what was drawn.</summary>
    public virtual Table Settle(Table known, Table drawn) => known;

    /// <summary>Computes filled cells again that follow from others, which <see cref="Settle"/> may have changed.</summary>
    public virtual Table Follow(Table observed, Table filled, Table drawn) => filled;

    /// <summary>Rewrites conditions on the user's columns as conditions on the model's; where none says it all, drawn rows are checked.</summary>
    /// <exception cref="SynthesisException">A condition that no drawing of rows would meet.</exception>
    public abstract void Translate(AskedConditions asked);

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

    /// <summary>Whether a table has all of some columns.</summary>
    protected static bool Has(Table table, params IEnumerable<string> names) => names.All(name => table.Schema.Columns.Any(column => column.Name == name));

    /// <summary>The table without some columns.</summary>
    protected static Table Without(Table table, params IReadOnlyList<string> names) =>
        With(table, table.Columns.Where(column => !names.Contains(column.Name)));

    /// <summary>The table with other numbers in a column: null keeps a row's cell as it is, others are rounded as they will be written.</summary>
    protected static Table Replace(Table table, string name, Func<int, double?> values) =>
        With(table, table.Columns.Select(column => column.Name == name
            ? ((NumericColumn)column).With([.. ((NumericColumn)column).Values
                .Select((value, row) => values(row) is { } other ? Written(column.Schema, other) : value)])
            : column));

    /// <summary>The numbers of a column.</summary>
    protected static double[] Numbers(Table table, string name) => ((NumericColumn)table[name]).Values;

    /// <summary>The differences of two columns by row, in standard deviations of the second.</summary>
    protected static Func<int, double> Distance(double[] observed, double[] drawn)
    {
        var present = Array.FindAll(drawn, double.IsFinite);
        var mean = present.DefaultIfEmpty().Average();
        var spread = Math.Sqrt(present.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty().Average());
        return row => Math.Abs(observed[row] - drawn[row]) / (spread > 0 ? spread : 1);
    }

    /// <summary>The values of a column as they will be written: rounded to its decimal places.</summary>
    protected static double[] Written(NumericColumn column) => Array.ConvertAll(column.Values, value => Written(column.Schema, value));

    /// <summary>A value as it will be written.</summary>
    protected static double Written(ColumnSchema column, double value) => column switch
    {
        { Kind: ColumnKind.Integer } => Math.Round(value),
        { Kind: ColumnKind.Decimal, DecimalPlaces: { } places } => Math.Round(value, places),
        _ => value,
    };
}
