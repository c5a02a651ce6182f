using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Turns the values of one column into cells and cells back into values. Holds everything that is kept of the column's values, and
/// nothing that fewer than five rows share, unless protection was switched off.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "codec")]
[JsonDerivedType(typeof(CategoryCodec), "category")]
[JsonDerivedType(typeof(NumericCodec), "numeric")]
[JsonDerivedType(typeof(IdentifierCodec), "identifier")]
[JsonDerivedType(typeof(TextCodec), "text")]
[JsonDerivedType(typeof(ShapeCodec), "shape")]
[JsonDerivedType(typeof(FakeCodec), "fake")]
public abstract class ColumnCodec(ColumnSchema schema)
{
    /// <summary>The column's name, kind and format.</summary>
    public ColumnSchema Schema { get; } = schema;

    /// <summary>The cells a model learns.</summary>
    [JsonIgnore]
    public abstract ColumnLayout Layout { get; }

    /// <summary>The cell of every row.</summary>
    public abstract ushort[] Encode(Column column);

    /// <summary>The cell of every row of a table that was not learned.</summary>
    /// <param name="column">Of the kind that was learned.</param>
    /// <param name="unknown">Stands for what has no cell: a category not seen in training, a missing value where none was.</param>
    public virtual ushort[] EncodeKnown(Column column, ushort unknown)
    {
        var cells = Encode(column);
        for (var row = 0; MissingCell < 0 && row < cells.Length; row++) if (column.IsMissing(row)) cells[row] = unknown;
        return cells;
    }

    /// <summary>One value for each cell.</summary>
    /// <param name="cells">Drawable cells of <see cref="Layout"/>, one a row.</param>
    /// <param name="random">Where inside the cell the value lies.</param>
    /// <param name="firstRow">Number of the first row within the sample, for values that must be unique in it.</param>
    /// <param name="seed">Seed of the sample.</param>
    public abstract Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed);

    /// <summary>The cells that a condition leaves, and how to decode them.</summary>
    /// <exception cref="SynthesisException">A text is no value of the column, or nothing that the model can produce meets the condition.</exception>
    public Admission Admit(Condition condition)
    {
        var admission = condition switch
        {
            ValuesCondition { Values: var values } => AdmitTexts(values),
            LikeCondition { Value: var drawn } => AdmitLike(drawn),
            RangeCondition range => AdmitRange(range),
            RangesCondition ranges => AdmitRanges(ranges),
            NotMissingCondition => new Admission(Array.ConvertAll(Layout.Drawable, drawable => drawable ? 1.0 : 0), this),
            _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "There is no such kind of condition."),
        };
        if (condition is NotMissingCondition && MissingCell >= 0) admission.Shares[MissingCell] = 0;
        return admission.Shares.Any(share => share > 0) ? admission : throw Impossible("no value that the model knows meets the condition.");
    }

    /// <summary>The cell of missing values; -1 when there were none.</summary>
    protected abstract int MissingCell { get; }

    /// <summary>What is left of the column when its values are among <paramref name="values"/>.</summary>
    protected abstract Admission AdmitValues(IReadOnlyList<string> values);

    /// <summary>What is left of the column when its values lie in <paramref name="range"/>.</summary>
    protected virtual Admission AdmitRange(RangeCondition range) => throw Impossible("only numbers, dates and times can be given as a range.");

    /// <summary>What is left of the column when its values lie in one of several ranges.</summary>
    private protected virtual Admission AdmitRanges(RangesCondition ranges) => throw Impossible("only numbers can be given as ranges.");

    /// <summary>What is left of the column when its value is one that the model drew, or invented.</summary>
    protected virtual Admission AdmitLike(string? drawn) => AdmitTexts([drawn]);

    private Admission AdmitTexts(IReadOnlyList<string?> values)
    {
        var present = values.OfType<string>().ToList();
        var admission = present.Count > 0 ? AdmitValues(present) : new Admission(new double[Layout.Cells], this);
        if (present.Count < values.Count)
            admission.Shares[MissingCell >= 0 ? MissingCell : throw Impossible("has no missing values in the training table.")] = 1;
        return admission;
    }

    /// <summary>A condition that cannot be met, in words.</summary>
    protected SynthesisException Impossible(string why) =>
        new(SynthesisError.ImpossibleCondition, $"Column '{Schema.Name}': {why}", Schema.Name);
}
